"""Tables of letters with signatures and of the further flows

Revision 0002, after 0001.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("nib", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("registered_by_instance", sa.String(length=32), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("nib"),
    )
    op.create_table(
        "letter_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("letter_event", schema=None) as batch_op:
        batch_op.create_index("ix_letter_event", ["subject_id", "at"], unique=False)

    op.create_table(
        "mail_preference",
        sa.Column("reader", sa.String(length=320), nullable=False),
        sa.Column("courtesy", sa.String(length=8), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("reader"),
    )
    op.create_table(
        "role_recap",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accounts >= 0", name="role_recap_counts"),
        sa.PrimaryKeyConstraint("day", "role"),
    )
    op.create_table(
        "agency_recap",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("instansi_id", sa.String(length=32), nullable=False),
        sa.Column("vai", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("vai >= 0 AND accounts >= vai", name="agency_recap_counts"),
        sa.ForeignKeyConstraint(
            ["instansi_id"],
            ["instansi.id"],
        ),
        sa.PrimaryKeyConstraint("day", "instansi_id"),
    )
    with op.batch_alter_table("agency_recap", schema=None) as batch_op:
        batch_op.create_index("ix_agency_recap_instansi", ["instansi_id", "day"], unique=False)

    op.create_table(
        "branch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "name_key"),
    )
    op.create_table(
        "director",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=False),
        sa.Column("citizenship", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company_id", "place"),
    )
    op.create_table(
        "letter_office",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("instansi_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("class_code", sa.String(length=40), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("number_pattern", sa.String(length=60), nullable=False),
        sa.Column("patterns", sa.Text(), nullable=False),
        sa.Column("signer_title", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_nip", sa.String(length=18), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["instansi_id"],
            ["instansi.id"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "person_profile",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("citizenship", sa.String(length=3), nullable=False),
        sa.Column("identity_kind", sa.String(length=10), nullable=False),
        sa.Column("identity_number", sa.String(length=30), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("user_id"),
        sa.UniqueConstraint("identity_kind", "identity_number"),
    )
    op.create_table(
        "programme_guide",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("programme_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=1000), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=True),
        sa.Column("added_by", sa.String(length=32), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=32), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("programme_guide", schema=None) as batch_op:
        batch_op.create_index("ix_programme_guide", ["programme_id", "kind", "added_at"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("addressee", sa.String(length=300), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=True),
        sa.Column("replaces_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["letter.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("office", "year", "number"),
        sa.UniqueConstraint("series", "year", "running"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_instance", ["instance_id"], unique=False)
        batch_op.create_index("ix_letter_issued", ["issued_at", "id"], unique=False)
        batch_op.create_index("ix_letter_office", ["office", "issued_at", "id"], unique=False)
        batch_op.create_index(
            "uq_letter_replaces",
            ["replaces_id"],
            unique=True,
            sqlite_where=sa.text("replaces_id IS NOT NULL"),
            postgresql_where=sa.text("replaces_id IS NOT NULL"),
        )

    op.create_table(
        "lpse",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instansi_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.String(length=32), nullable=True),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_number", sa.String(length=120), nullable=False),
        sa.Column("letter_attachment_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"],
            ["instance.id"],
        ),
        sa.ForeignKeyConstraint(
            ["instansi_id"],
            ["instansi.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instansi_id"),
    )
    op.create_table(
        "power_of_attorney",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("grantor_id", sa.String(length=32), nullable=False),
        sa.Column("grantor_name", sa.String(length=200), nullable=False),
        sa.Column("grantor_position", sa.String(length=100), nullable=False),
        sa.Column("grantee_id", sa.String(length=32), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("token_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["company.id"],
        ),
        sa.ForeignKeyConstraint(
            ["grantee_id"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["grantor_id"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
    )
    with op.batch_alter_table("power_of_attorney", schema=None) as batch_op:
        batch_op.create_index("ix_power_of_attorney_instance", ["instance_id", "state"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("programme_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("sk_number", sa.String(length=100), nullable=False),
        sa.Column("sk_date", sa.Date(), nullable=False),
        sa.Column("sk_attachment_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"],
            ["instance.id"],
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(
            "uq_team_active",
            ["programme_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score >= 0 AND score <= 100", name="assessment_score"),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["user_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index("uq_assessment", ["participant_id", "round", "assessor_id"], unique=True)

    op.create_table(
        "letter_file",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("signatures", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
        ),
        sa.PrimaryKeyConstraint("letter_id", "stage"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("letter_file", schema=None) as batch_op:
        batch_op.create_index("ix_letter_file_digest", ["digest"], unique=False)

    op.create_table(
        "lpse_item",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lpse_id", sa.String(length=32), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("standard", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("pic_id", sa.String(length=32), nullable=True),
        sa.Column("team", sa.String(length=300), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("submitted_by", sa.String(length=32), nullable=True),
        sa.Column("reviewer_id", sa.String(length=32), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reviewer_id IS NULL OR reviewer_id <> submitted_by", name="lpse_item_four_eyes"),
        sa.ForeignKeyConstraint(
            ["lpse_id"],
            ["lpse.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lpse_id", "standard", "stage", name="lpse_item_once"),
    )
    with op.batch_alter_table("lpse_item", schema=None) as batch_op:
        batch_op.create_index("ix_lpse_item_pic", ["pic_id", "state"], unique=False)

    op.create_table(
        "lpse_phase",
        sa.Column("lpse_id", sa.String(length=32), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(length=32), nullable=True),
        sa.Column("override_reason", sa.String(length=500), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lpse_id"],
            ["lpse.id"],
        ),
        sa.PrimaryKeyConstraint("lpse_id", "phase"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("membership_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["team.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id"),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index("ix_team_member_user", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_team_head",
            ["team_id", "position"],
            unique=True,
            sqlite_where=sa.text("position <> 'anggota'"),
            postgresql_where=sa.text("position <> 'anggota'"),
        )

    op.create_table(
        "lpse_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lpse_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["lpse_item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["lpse_id"],
            ["lpse.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("lpse_event", schema=None) as batch_op:
        batch_op.create_index("ix_lpse_event", ["lpse_id", "at"], unique=False)
        batch_op.create_index("ix_lpse_event_item", ["item_id", "at"], unique=False)

    op.create_table(
        "lpse_evidence",
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["lpse_item.id"],
        ),
        sa.PrimaryKeyConstraint("item_id", "round", "attachment_id"),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_participant", ["participant_id", "state"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("branch_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("life_id", sa.String(length=32), nullable=True))
        batch_op.create_index("ix_membership_company", ["company_id", "role", "state"], unique=False)
        batch_op.create_index(
            "ix_membership_counted",
            ["role", "instansi_id", "state", "user_id", "valid_until", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            "ix_membership_ending",
            ["valid_until"],
            unique=False,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.create_index(
            "uq_membership_branch",
            ["branch_id"],
            unique=True,
            sqlite_where=sa.text("role = 'admin_cabang' AND state = 'active' AND branch_id IS NOT NULL"),
            postgresql_where=sa.text("role = 'admin_cabang' AND state = 'active' AND branch_id IS NOT NULL"),
        )
        batch_op.create_foreign_key("fk_membership_company", "company", ["company_id"], ["id"])
        batch_op.create_foreign_key("fk_membership_branch", "branch", ["branch_id"], ["id"])

    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("template", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("reader", sa.String(length=320), nullable=True))
        batch_op.add_column(sa.Column("courtesy", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
        batch_op.add_column(sa.Column("delivery", sa.String(length=8), server_default="now", nullable=False))
        batch_op.add_column(sa.Column("digest_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("bounce", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("resent_from", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("resent_by", sa.String(length=32), nullable=True))
        batch_op.create_index("ix_outgoing_mail_instance", ["instance_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_outgoing_mail_waiting",
            ["reader"],
            unique=False,
            sqlite_where=sa.text("delivery = 'digest' AND digest_id IS NULL"),
            postgresql_where=sa.text("delivery = 'digest' AND digest_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outgoing_mail_waiting",
            sqlite_where=sa.text("delivery = 'digest' AND digest_id IS NULL"),
            postgresql_where=sa.text("delivery = 'digest' AND digest_id IS NULL"),
        )
        batch_op.drop_index("ix_outgoing_mail_instance")
        batch_op.drop_column("resent_by")
        batch_op.drop_column("resent_from")
        batch_op.drop_column("bounce")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("digest_id")
        batch_op.drop_column("delivery")
        batch_op.drop_column("courtesy")
        batch_op.drop_column("reader")
        batch_op.drop_column("template")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint("fk_membership_branch", type_="foreignkey")
        batch_op.drop_constraint("fk_membership_company", type_="foreignkey")
        batch_op.drop_index(
            "uq_membership_branch",
            sqlite_where=sa.text("role = 'admin_cabang' AND state = 'active' AND branch_id IS NOT NULL"),
            postgresql_where=sa.text("role = 'admin_cabang' AND state = 'active' AND branch_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_membership_ending",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index("ix_membership_counted")
        batch_op.drop_index("ix_membership_company")
        batch_op.drop_column("life_id")
        batch_op.drop_column("branch_id")
        batch_op.drop_column("company_id")

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_participant")

    op.drop_table("lpse_evidence")
    with op.batch_alter_table("lpse_event", schema=None) as batch_op:
        batch_op.drop_index("ix_lpse_event_item")
        batch_op.drop_index("ix_lpse_event")

    op.drop_table("lpse_event")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_team_head",
            sqlite_where=sa.text("position <> 'anggota'"),
            postgresql_where=sa.text("position <> 'anggota'"),
        )
        batch_op.drop_index("ix_team_member_user")

    op.drop_table("team_member")
    op.drop_table("lpse_phase")
    with op.batch_alter_table("lpse_item", schema=None) as batch_op:
        batch_op.drop_index("ix_lpse_item_pic")

    op.drop_table("lpse_item")
    with op.batch_alter_table("letter_file", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_file_digest")

    op.drop_table("letter_file")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("uq_assessment")

    op.drop_table("assessment")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_team_active", sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'")
        )

    op.drop_table("team")
    with op.batch_alter_table("power_of_attorney", schema=None) as batch_op:
        batch_op.drop_index("ix_power_of_attorney_instance")

    op.drop_table("power_of_attorney")
    op.drop_table("lpse")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_letter_replaces",
            sqlite_where=sa.text("replaces_id IS NOT NULL"),
            postgresql_where=sa.text("replaces_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_letter_office")
        batch_op.drop_index("ix_letter_issued")
        batch_op.drop_index("ix_letter_instance")

    op.drop_table("letter")
    with op.batch_alter_table("programme_guide", schema=None) as batch_op:
        batch_op.drop_index("ix_programme_guide")

    op.drop_table("programme_guide")
    op.drop_table("person_profile")
    op.drop_table("letter_office")
    op.drop_table("director")
    op.drop_table("branch")
    with op.batch_alter_table("agency_recap", schema=None) as batch_op:
        batch_op.drop_index("ix_agency_recap_instansi")

    op.drop_table("agency_recap")
    op.drop_table("role_recap")
    op.drop_table("mail_preference")
    with op.batch_alter_table("letter_event", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_event")

    op.drop_table("letter_event")
    op.drop_table("company")
