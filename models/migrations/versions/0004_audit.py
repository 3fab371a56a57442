"""Tables of the auditor: ledger, anchors, proofs, saved searches, retention

Revision 0004, after 0003.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.migrations.fill_0004 import fill

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("ledger_count", sa.BigInteger(), nullable=False),
        sa.Column("ledger_hash", sa.LargeBinary(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "case_proof",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "kind"),
    )
    with op.batch_alter_table("case_proof", schema=None) as batch_op:
        batch_op.create_index("ix_case_proof_findings", ["findings", "instance_id"], unique=False)

    op.create_table(
        "disposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("definition_key", sa.String(length=80), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instance_id"),
    )
    with op.batch_alter_table("disposal", schema=None) as batch_op:
        batch_op.create_index("ix_disposal_made", ["made_at", "id"], unique=False)

    op.create_table(
        "export_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("failure", sa.String(length=1000), nullable=True),
        sa.Column("lease_owner", sa.String(length=60), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("export_run", schema=None) as batch_op:
        batch_op.create_index("ix_export_run_person", ["created_by", "created_at"], unique=False)
        batch_op.create_index("ix_export_run_state", ["state", "created_at"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("ref", sa.String(length=80), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entry_actor", ["actor_id", "seq"], unique=False)
        batch_op.create_index("ix_ledger_entry_instance", ["instance_id", "seq"], unique=False)
        batch_op.create_index("ix_ledger_entry_kind", ["kind", "seq"], unique=False)

    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "proof_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.String(length=32), nullable=True),
        sa.Column("ledger_count", sa.BigInteger(), nullable=True),
        sa.Column("ledger_hash", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=60), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proof_run", schema=None) as batch_op:
        batch_op.create_index("ix_proof_run_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_proof_run_state", ["state"], unique=False)

    op.create_table(
        "proof_schedule",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
    op.create_table(
        "retention_hold",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance_id"),
    )
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("definition_key", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("active_years", sa.Integer(), nullable=False),
        sa.Column("inactive_years", sa.Integer(), nullable=False),
        sa.Column("final", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("retention_rule", schema=None) as batch_op:
        batch_op.create_index("ix_retention_rule", ["definition_key", "field", "set_at"], unique=False)

    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index("ix_saved_search_owner", ["owner_id", "name"], unique=False)
        batch_op.create_index("ix_saved_search_shared", ["shared"], unique=False)

    op.create_table(
        "anchor_delivery",
        sa.Column("anchor_number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=320), nullable=False),
        sa.Column("work", sa.String(length=120), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["anchor_number"],
            ["anchor.number"],
        ),
        sa.PrimaryKeyConstraint("anchor_number", "channel", "target"),
    )
    op.create_table(
        "anchor_leaf",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("anchor_number", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["anchor_number"],
            ["anchor.number"],
        ),
        sa.PrimaryKeyConstraint("instance_id", "anchor_number"),
    )
    with op.batch_alter_table("anchor_leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anchor_leaf_anchor_number"), ["anchor_number"], unique=False)

    op.create_table(
        "disposal_item",
        sa.Column("disposal_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("definition_key", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("final", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["disposal_id"],
            ["disposal.id"],
        ),
        sa.PrimaryKeyConstraint("disposal_id", "instance_id", "attachment_id"),
    )
    with op.batch_alter_table("disposal_item", schema=None) as batch_op:
        batch_op.create_index("ix_disposal_item_case", ["instance_id"], unique=False)

    op.create_table(
        "paper_rule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition_key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_key"],
            ["definition.key"],
        ),
        sa.PrimaryKeyConstraint("id", "version"),
    )
    with op.batch_alter_table("paper_rule", schema=None) as batch_op:
        batch_op.create_index("ix_paper_rule_key", ["definition_key", "id"], unique=False)

    op.create_table(
        "proof_certificate",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.String(length=32), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["proof_run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "proof_finding",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["proof_run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "number"),
    )
    with op.batch_alter_table("proof_finding", schema=None) as batch_op:
        batch_op.create_index("ix_proof_finding_instance", ["instance_id"], unique=False)

    op.create_table(
        "subject_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_key", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(length=32), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["noted_by"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.create_index("ix_subject_request_due", ["answered_at", "due_at"], unique=False)

    op.create_table(
        "unmasking",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("unmasking", schema=None) as batch_op:
        batch_op.create_index("ix_unmasking_reader", ["user_id", "instance_id", "until"], unique=False)

    op.create_table(
        "looked_break",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("element_id", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("other", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("instance_id", "number"),
    )
    with op.batch_alter_table("looked_break", schema=None) as batch_op:
        batch_op.create_index("ix_looked_break_rule", ["rule", "instance_id"], unique=False)

    op.create_table(
        "looked_case",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("instance_id"),
    )
    with op.batch_alter_table("looked_case", schema=None) as batch_op:
        batch_op.create_index("ix_looked_case_due", ["due_at"], unique=False)

    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_history_event_intervened",
            ["instance_id", "kind"],
            unique=False,
            sqlite_where=sa.text(
                "kind IN ('case:suspended', 'case:resumed', 'case:cancelled', 'case:migrated', 'task:assigned', 'timer:moved', 'deadline:moved', 'incident:retried', 'incident:skipped')"
            ),
            postgresql_where=sa.text(
                "kind IN ('case:suspended', 'case:resumed', 'case:cancelled', 'case:migrated', 'task:assigned', 'timer:moved', 'deadline:moved', 'incident:retried', 'incident:skipped')"
            ),
        )

    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.create_index("ix_instance_ended", ["ended_at", "id"], unique=False)

    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_user_task_late",
            ["instance_id"],
            unique=False,
            sqlite_where=sa.text("closed_at > due_at"),
            postgresql_where=sa.text("closed_at > due_at"),
        )

    fill(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_user_task_late",
            sqlite_where=sa.text("closed_at > due_at"),
            postgresql_where=sa.text("closed_at > due_at"),
        )

    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index("ix_instance_ended")

    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_history_event_intervened",
            sqlite_where=sa.text(
                "kind IN ('case:suspended', 'case:resumed', 'case:cancelled', 'case:migrated', 'task:assigned', 'timer:moved', 'deadline:moved', 'incident:retried', 'incident:skipped')"
            ),
            postgresql_where=sa.text(
                "kind IN ('case:suspended', 'case:resumed', 'case:cancelled', 'case:migrated', 'task:assigned', 'timer:moved', 'deadline:moved', 'incident:retried', 'incident:skipped')"
            ),
        )

    with op.batch_alter_table("looked_case", schema=None) as batch_op:
        batch_op.drop_index("ix_looked_case_due")

    op.drop_table("looked_case")
    with op.batch_alter_table("looked_break", schema=None) as batch_op:
        batch_op.drop_index("ix_looked_break_rule")

    op.drop_table("looked_break")
    with op.batch_alter_table("unmasking", schema=None) as batch_op:
        batch_op.drop_index("ix_unmasking_reader")

    op.drop_table("unmasking")
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_request_due")

    op.drop_table("subject_request")
    with op.batch_alter_table("proof_finding", schema=None) as batch_op:
        batch_op.drop_index("ix_proof_finding_instance")

    op.drop_table("proof_finding")
    op.drop_table("proof_certificate")
    with op.batch_alter_table("paper_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_rule_key")

    op.drop_table("paper_rule")
    with op.batch_alter_table("disposal_item", schema=None) as batch_op:
        batch_op.drop_index("ix_disposal_item_case")

    op.drop_table("disposal_item")
    with op.batch_alter_table("anchor_leaf", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anchor_leaf_anchor_number"))

    op.drop_table("anchor_leaf")
    op.drop_table("anchor_delivery")
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_search_shared")
        batch_op.drop_index("ix_saved_search_owner")

    op.drop_table("saved_search")
    with op.batch_alter_table("retention_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_retention_rule")

    op.drop_table("retention_rule")
    op.drop_table("retention_hold")
    op.drop_table("proof_schedule")
    with op.batch_alter_table("proof_run", schema=None) as batch_op:
        batch_op.drop_index("ix_proof_run_state")
        batch_op.drop_index("ix_proof_run_created")

    op.drop_table("proof_run")
    op.drop_table("ledger_head")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_kind")
        batch_op.drop_index("ix_ledger_entry_instance")
        batch_op.drop_index("ix_ledger_entry_actor")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("export_run", schema=None) as batch_op:
        batch_op.drop_index("ix_export_run_state")
        batch_op.drop_index("ix_export_run_person")

    op.drop_table("export_run")
    with op.batch_alter_table("disposal", schema=None) as batch_op:
        batch_op.drop_index("ix_disposal_made")

    op.drop_table("disposal")
    with op.batch_alter_table("case_proof", schema=None) as batch_op:
        batch_op.drop_index("ix_case_proof_findings")

    op.drop_table("case_proof")
    op.drop_table("anchor")
