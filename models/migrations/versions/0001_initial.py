"""Initial tables

Revision 0001.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0001'
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('bulk_run',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('owner_id', sa.String(length=32), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=True),
    sa.Column('context', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('faulty', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=60), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('bulk_run', schema=None) as batch_op:
        batch_op.create_index('ix_bulk_run_owner', ['owner_id', 'created_at'], unique=False)
        batch_op.create_index('ix_bulk_run_state', ['state'], unique=False)

    op.create_table('calendar_version',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    op.create_table('definition',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('owner', sa.String(length=200), nullable=False),
    sa.Column('current_version_id', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('document',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest')
    )
    op.create_table('document_reading',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('attachment_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('document_reading', schema=None) as batch_op:
        batch_op.create_index('ix_document_reading_attachment', ['attachment_id', 'at'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=True),
    sa.Column('job_id', sa.String(length=32), nullable=True),
    sa.Column('deadline_id', sa.String(length=32), nullable=True),
    sa.Column('element_id', sa.String(length=80), nullable=True),
    sa.Column('cause', sa.String(length=120), nullable=False),
    sa.Column('message', sa.String(length=2000), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=32), nullable=True),
    sa.Column('resolution', sa.String(length=1000), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('ix_incident_state', ['state', 'created_at'], unique=False)

    op.create_table('instansi',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('province', sa.String(length=100), nullable=True),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('kind', 'name')
    )
    op.create_table('job',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=True),
    sa.Column('token_id', sa.String(length=32), nullable=True),
    sa.Column('element_id', sa.String(length=80), nullable=True),
    sa.Column('idempotency_key', sa.String(length=120), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('max_attempts', sa.Integer(), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=60), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=2000), nullable=True),
    sa.Column('answer', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('idempotency_key')
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_instance', ['instance_id'], unique=False)
        batch_op.create_index('ix_job_lease', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
        batch_op.create_index('ix_job_ready', ['run_at'], unique=False, sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))

    op.create_table('letter_counter',
    sa.Column('series', sa.String(length=80), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.CheckConstraint('last > 0', name='letter_counter_last'),
    sa.PrimaryKeyConstraint('series', 'year')
    )
    op.create_table('login_failure',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('login_failure', schema=None) as batch_op:
        batch_op.create_index('ix_login_failure_key', ['key', 'at'], unique=False)

    op.create_table('outgoing_mail',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('idempotency_key', sa.String(length=120), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=True),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('html', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(length=1000), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('idempotency_key')
    )
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.create_index('ix_outgoing_mail_recipient', ['recipient', 'created_at'], unique=False)

    op.create_table('user_account',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('nip', sa.String(length=18), nullable=True),
    sa.Column('password_hash', sa.String(length=300), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('locale', sa.String(length=5), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_login_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email')
    )
    op.create_table('account_event',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('actor_id', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('account_event', schema=None) as batch_op:
        batch_op.create_index('ix_account_event_user', ['user_id', 'at'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('field', sa.String(length=120), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=True),
    sa.Column('user_task_id', sa.String(length=32), nullable=True),
    sa.Column('uploaded_by', sa.String(length=32), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['document.digest'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index('ix_attachment_instance', ['instance_id'], unique=False)
        batch_op.create_index('ix_attachment_task', ['user_task_id'], unique=False)

    op.create_table('bulk_row',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('row_values', sa.Text(), nullable=False),
    sa.Column('faults', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['bulk_run.id'], ),
    sa.PrimaryKeyConstraint('run_id', 'number')
    )
    with op.batch_alter_table('bulk_row', schema=None) as batch_op:
        batch_op.create_index('ix_bulk_row_state', ['run_id', 'state', 'number'], unique=False)

    op.create_table('calendar_entry',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('legal_source', sa.String(length=300), nullable=False),
    sa.Column('tentative', sa.Boolean(), nullable=False),
    sa.Column('added_in', sa.Integer(), nullable=False),
    sa.Column('revoked_in', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_in'], ['calendar_version.number'], ),
    sa.ForeignKeyConstraint(['revoked_in'], ['calendar_version.number'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.create_index('ix_calendar_entry_day', ['day'], unique=False)

    op.create_table('calendar_year',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('legal_source', sa.String(length=300), nullable=False),
    sa.Column('added_in', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['added_in'], ['calendar_version.number'], ),
    sa.PrimaryKeyConstraint('year')
    )
    op.create_table('definition_version',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('definition_key', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('main_process', sa.String(length=80), nullable=False),
    sa.Column('manifest', sa.Text(), nullable=False),
    sa.Column('deployed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deployed_by', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['definition_key'], ['definition.key'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('definition_key', 'number')
    )
    op.create_table('one_time_link',
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('token_digest')
    )
    op.create_table('programme',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('flow', sa.String(length=80), nullable=False),
    sa.Column('title_id', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('period', sa.String(length=100), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=True),
    sa.Column('owner_id', sa.String(length=32), nullable=True),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parameters', sa.Text(), nullable=False),
    sa.Column('versions', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key')
    )
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.create_index('ix_programme_closing', ['state', 'closes_at'], unique=False)
        batch_op.create_index('ix_programme_flow', ['flow', 'state'], unique=False)

    op.create_table('satuan_kerja',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('npwp', sa.String(length=16), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('registered_by_instance', sa.String(length=32), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('instansi_id', 'name_key')
    )
    op.create_table('unit_closing_day',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('legal_source', sa.String(length=300), nullable=False),
    sa.Column('added_in', sa.Integer(), nullable=False),
    sa.Column('revoked_in', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_in'], ['calendar_version.number'], ),
    sa.ForeignKeyConstraint(['revoked_in'], ['calendar_version.number'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('unit_closing_day', schema=None) as batch_op:
        batch_op.create_index('ix_unit_closing_day', ['instansi_id', 'day'], unique=False)

    op.create_table('unit_week',
    sa.Column('instansi_id', sa.String(length=32), nullable=False),
    sa.Column('added_in', sa.Integer(), nullable=False),
    sa.Column('weekdays', sa.String(length=7), nullable=False),
    sa.ForeignKeyConstraint(['added_in'], ['calendar_version.number'], ),
    sa.PrimaryKeyConstraint('instansi_id', 'added_in')
    )
    op.create_table('web_session',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('digest')
    )
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.create_index('ix_web_session_user', ['user_id'], unique=False)

    op.create_table('definition_file',
    sa.Column('version_id', sa.String(length=64), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], ),
    sa.PrimaryKeyConstraint('version_id', 'path')
    )
    with op.batch_alter_table('definition_file', schema=None) as batch_op:
        batch_op.create_index('ix_definition_file_version', ['version_id'], unique=False)

    op.create_table('formasi',
    sa.Column('programme_id', sa.String(length=32), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=False),
    sa.Column('jenjang', sa.String(length=20), nullable=False),
    sa.Column('approved', sa.Integer(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('approved >= 0', name='formasi_approved'),
    sa.CheckConstraint('used >= 0 AND used <= approved', name='formasi_used'),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], ),
    sa.PrimaryKeyConstraint('programme_id', 'instansi_id', 'jenjang')
    )
    op.create_table('instance',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('definition_key', sa.String(length=80), nullable=False),
    sa.Column('version_id', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('business_key', sa.String(length=200), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('outcome', sa.String(length=80), nullable=True),
    sa.Column('stage', sa.String(length=300), nullable=False),
    sa.Column('stage_element', sa.String(length=80), nullable=True),
    sa.Column('starter_id', sa.String(length=32), nullable=True),
    sa.Column('instansi_id', sa.String(length=32), nullable=True),
    sa.Column('completers', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.String(length=32), nullable=True),
    sa.Column('programme_id', sa.String(length=32), nullable=True),
    sa.Column('programme', sa.Text(), nullable=True),
    sa.Column('parameters', sa.Text(), nullable=True),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('meta', sa.LargeBinary(), nullable=False),
    sa.Column('base_number', sa.Integer(), nullable=False),
    sa.Column('act_count', sa.Integer(), nullable=False),
    sa.Column('event_count', sa.Integer(), nullable=False),
    sa.Column('chain_head', sa.LargeBinary(), nullable=False),
    sa.Column('state_digest', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['definition_key'], ['definition.key'], ),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], ),
    sa.ForeignKeyConstraint(['version_id'], ['definition_version.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.create_index('ix_instance_business_key', ['definition_key', 'business_key'], unique=False)
        batch_op.create_index('ix_instance_definition', ['definition_key', 'status', 'started_at'], unique=False)
        batch_op.create_index('ix_instance_instansi', ['instansi_id', 'started_at'], unique=False)
        batch_op.create_index('ix_instance_programme', ['programme_id', 'definition_key', 'started_at'], unique=False)
        batch_op.create_index('ix_instance_started', ['started_at', 'id'], unique=False)
        batch_op.create_index('ix_instance_starter', ['starter_id', 'started_at'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=60), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=True),
    sa.Column('satuan_kerja_id', sa.String(length=32), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('source_key', sa.String(length=120), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.ForeignKeyConstraint(['satuan_kerja_id'], ['satuan_kerja.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('source_key')
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index('ix_membership_role', ['role', 'instansi_id', 'state'], unique=False)
        batch_op.create_index('ix_membership_user', ['user_id', 'state'], unique=False)
        batch_op.create_index('uq_membership_sole', ['role', 'instansi_id'], unique=True, sqlite_where=sa.text("role = 'admin_instansi' AND state = 'active' AND instansi_id IS NOT NULL"), postgresql_where=sa.text("role = 'admin_instansi' AND state = 'active' AND instansi_id IS NOT NULL"))

    op.create_table('programme_event',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('programme_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('programme_event', schema=None) as batch_op:
        batch_op.create_index('ix_programme_event', ['programme_id', 'at'], unique=False)

    op.create_table('case_link',
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('other_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.ForeignKeyConstraint(['other_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('instance_id', 'other_id', 'kind')
    )
    with op.batch_alter_table('case_link', schema=None) as batch_op:
        batch_op.create_index('ix_case_link_other', ['other_id'], unique=False)

    op.create_table('deadline',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('token_id', sa.String(length=32), nullable=False),
    sa.Column('element_id', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calendar_version', sa.Integer(), nullable=True),
    sa.Column('explanation', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_due', ['due_at'], unique=False, sqlite_where=sa.text("state = 'pending' AND kind = 'timer'"), postgresql_where=sa.text("state = 'pending' AND kind = 'timer'"))
        batch_op.create_index('ix_deadline_instance', ['instance_id', 'state'], unique=False)

    op.create_table('exam_schedule',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('programme_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=True),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_why', sa.Text(), nullable=False),
    sa.Column('repair_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('quota', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('result_attachment_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quota > 0', name='exam_schedule_quota'),
    sa.CheckConstraint('taken >= 0 AND taken <= quota', name='exam_schedule_seats'),
    sa.ForeignKeyConstraint(['id'], ['instance.id'], ),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('exam_schedule', schema=None) as batch_op:
        batch_op.create_index('ix_exam_schedule_programme', ['programme_id', 'state', 'starts_at'], unique=False)

    op.create_table('history_event',
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('act', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('actor_id', sa.String(length=32), nullable=True),
    sa.Column('on_behalf_of', sa.String(length=32), nullable=True),
    sa.Column('element_id', sa.String(length=80), nullable=True),
    sa.Column('token_id', sa.String(length=32), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('payload_digest', sa.LargeBinary(), nullable=True),
    sa.Column('state_digest', sa.LargeBinary(), nullable=True),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('instance_id', 'seq')
    )
    with op.batch_alter_table('history_event', schema=None) as batch_op:
        batch_op.create_index('ix_history_event_actor', ['actor_id', 'at'], unique=False)

    op.create_table('history_payload',
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('instance_id', 'seq')
    )
    op.create_table('instance_data',
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('instance_id')
    )
    op.create_table('participant',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('programme_id', sa.String(length=32), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=False),
    sa.Column('nip', sa.String(length=18), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('birth_place', sa.String(length=100), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('golongan', sa.String(length=8), nullable=False),
    sa.Column('jenjang', sa.String(length=20), nullable=False),
    sa.Column('position', sa.String(length=200), nullable=False),
    sa.Column('work_unit', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('counts', sa.Boolean(), nullable=False),
    sa.Column('documents', sa.String(length=12), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['instance.id'], ),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index('ix_participant_instansi', ['programme_id', 'instansi_id', 'state'], unique=False)
        batch_op.create_index('ix_participant_state', ['programme_id', 'state'], unique=False)
        batch_op.create_index('uq_participant_nip', ['programme_id', 'nip'], unique=True, sqlite_where=sa.text('counts'), postgresql_where=sa.text('counts'))

    op.create_table('recommendation',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('programme_id', sa.String(length=32), nullable=False),
    sa.Column('instansi_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attachment_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['instance.id'], ),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], ),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    op.create_table('token',
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=True),
    sa.Column('parent', sa.String(length=32), nullable=True),
    sa.Column('position', sa.Float(precision=53), nullable=False),
    sa.Column('spec', sa.String(length=120), nullable=False),
    sa.Column('state', sa.Integer(), nullable=False),
    sa.Column('triggered', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.Float(precision=53), nullable=False),
    sa.Column('internal', sa.LargeBinary(), nullable=True),
    sa.Column('predicted', sa.LargeBinary(), nullable=True),
    sa.Column('base', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('subprocess', sa.LargeBinary(), nullable=True),
    sa.Column('event', sa.String(length=200), nullable=True),
    sa.Column('correlation', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('instance_id', 'id')
    )
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.create_index('ix_token_event', ['event', 'correlation'], unique=False, sqlite_where=sa.text('event IS NOT NULL'), postgresql_where=sa.text('event IS NOT NULL'))

    op.create_table('user_task',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('instance_id', sa.String(length=32), nullable=False),
    sa.Column('definition_key', sa.String(length=80), nullable=False),
    sa.Column('element_id', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('case_title', sa.String(length=300), nullable=False),
    sa.Column('lane', sa.String(length=200), nullable=True),
    sa.Column('form', sa.String(length=80), nullable=True),
    sa.Column('role', sa.String(length=60), nullable=True),
    sa.Column('instansi_id', sa.String(length=32), nullable=True),
    sa.Column('excluded', sa.Text(), nullable=False),
    sa.Column('assignee_id', sa.String(length=32), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['instance_id'], ['instance.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('user_task', schema=None) as batch_op:
        batch_op.create_index('ix_user_task_assignee', ['assignee_id', 'state', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_user_task_closed_by', ['closed_by'], unique=False)
        batch_op.create_index('ix_user_task_group', ['role', 'instansi_id', 'state', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_user_task_instance', ['instance_id', 'state'], unique=False)

    op.create_table('appointment',
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('sk_number', sa.String(length=100), nullable=False),
    sa.Column('sk_date', sa.Date(), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=True),
    sa.Column('attachment_id', sa.String(length=32), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.PrimaryKeyConstraint('participant_id')
    )
    op.create_table('booking',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('schedule_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.ForeignKeyConstraint(['schedule_id'], ['exam_schedule.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('schedule_id', 'number')
    )
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.create_index('ix_booking_schedule', ['schedule_id', 'state', 'number'], unique=False)
        batch_op.create_index('uq_booking_live', ['participant_id'], unique=True, sqlite_where=sa.text("state IN ('booked', 'waiting')"), postgresql_where=sa.text("state IN ('booked', 'waiting')"))

    op.create_table('certificate',
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attachment_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.PrimaryKeyConstraint('participant_id'),
    sa.UniqueConstraint('number')
    )
    op.create_table('exam_result',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('schedule_id', sa.String(length=32), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('score', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('recorded_by', sa.String(length=32), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.ForeignKeyConstraint(['schedule_id'], ['exam_schedule.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('participant_id', 'attempt')
    )
    with op.batch_alter_table('exam_result', schema=None) as batch_op:
        batch_op.create_index('ix_exam_result_schedule', ['schedule_id'], unique=False)

    op.create_table('participant_stage',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('participant_stage', schema=None) as batch_op:
        batch_op.create_index('ix_participant_stage', ['participant_id', 'at'], unique=False)

    op.create_table('recommended_participant',
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('recommendation_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], ),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], ),
    sa.PrimaryKeyConstraint('participant_id')
    )
    with op.batch_alter_table('recommended_participant', schema=None) as batch_op:
        batch_op.create_index('ix_recommended_participant', ['recommendation_id'], unique=False)

    op.create_table('task_draft',
    sa.Column('task_id', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], ),
    sa.PrimaryKeyConstraint('task_id', 'user_id')
    )


def downgrade() -> None:
    op.drop_table('task_draft')
    with op.batch_alter_table('recommended_participant', schema=None) as batch_op:
        batch_op.drop_index('ix_recommended_participant')

    op.drop_table('recommended_participant')
    with op.batch_alter_table('participant_stage', schema=None) as batch_op:
        batch_op.drop_index('ix_participant_stage')

    op.drop_table('participant_stage')
    with op.batch_alter_table('exam_result', schema=None) as batch_op:
        batch_op.drop_index('ix_exam_result_schedule')

    op.drop_table('exam_result')
    op.drop_table('certificate')
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.drop_index('uq_booking_live', sqlite_where=sa.text("state IN ('booked', 'waiting')"), postgresql_where=sa.text("state IN ('booked', 'waiting')"))
        batch_op.drop_index('ix_booking_schedule')

    op.drop_table('booking')
    op.drop_table('appointment')
    with op.batch_alter_table('user_task', schema=None) as batch_op:
        batch_op.drop_index('ix_user_task_instance')
        batch_op.drop_index('ix_user_task_group')
        batch_op.drop_index('ix_user_task_closed_by')
        batch_op.drop_index('ix_user_task_assignee')

    op.drop_table('user_task')
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.drop_index('ix_token_event', sqlite_where=sa.text('event IS NOT NULL'), postgresql_where=sa.text('event IS NOT NULL'))

    op.drop_table('token')
    op.drop_table('recommendation')
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_index('uq_participant_nip', sqlite_where=sa.text('counts'), postgresql_where=sa.text('counts'))
        batch_op.drop_index('ix_participant_state')
        batch_op.drop_index('ix_participant_instansi')

    op.drop_table('participant')
    op.drop_table('instance_data')
    op.drop_table('history_payload')
    with op.batch_alter_table('history_event', schema=None) as batch_op:
        batch_op.drop_index('ix_history_event_actor')

    op.drop_table('history_event')
    with op.batch_alter_table('exam_schedule', schema=None) as batch_op:
        batch_op.drop_index('ix_exam_schedule_programme')

    op.drop_table('exam_schedule')
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.drop_index('ix_deadline_instance')
        batch_op.drop_index('ix_deadline_due', sqlite_where=sa.text("state = 'pending' AND kind = 'timer'"), postgresql_where=sa.text("state = 'pending' AND kind = 'timer'"))

    op.drop_table('deadline')
    with op.batch_alter_table('case_link', schema=None) as batch_op:
        batch_op.drop_index('ix_case_link_other')

    op.drop_table('case_link')
    with op.batch_alter_table('programme_event', schema=None) as batch_op:
        batch_op.drop_index('ix_programme_event')

    op.drop_table('programme_event')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('uq_membership_sole', sqlite_where=sa.text("role = 'admin_instansi' AND state = 'active' AND instansi_id IS NOT NULL"), postgresql_where=sa.text("role = 'admin_instansi' AND state = 'active' AND instansi_id IS NOT NULL"))
        batch_op.drop_index('ix_membership_user')
        batch_op.drop_index('ix_membership_role')

    op.drop_table('membership')
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.drop_index('ix_instance_starter')
        batch_op.drop_index('ix_instance_started')
        batch_op.drop_index('ix_instance_programme')
        batch_op.drop_index('ix_instance_instansi')
        batch_op.drop_index('ix_instance_definition')
        batch_op.drop_index('ix_instance_business_key')

    op.drop_table('instance')
    op.drop_table('formasi')
    with op.batch_alter_table('definition_file', schema=None) as batch_op:
        batch_op.drop_index('ix_definition_file_version')

    op.drop_table('definition_file')
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_index('ix_web_session_user')

    op.drop_table('web_session')
    op.drop_table('unit_week')
    with op.batch_alter_table('unit_closing_day', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_closing_day')

    op.drop_table('unit_closing_day')
    op.drop_table('satuan_kerja')
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_index('ix_programme_flow')
        batch_op.drop_index('ix_programme_closing')

    op.drop_table('programme')
    op.drop_table('one_time_link')
    op.drop_table('definition_version')
    op.drop_table('calendar_year')
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_calendar_entry_day')

    op.drop_table('calendar_entry')
    with op.batch_alter_table('bulk_row', schema=None) as batch_op:
        batch_op.drop_index('ix_bulk_row_state')

    op.drop_table('bulk_row')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_attachment_task')
        batch_op.drop_index('ix_attachment_instance')

    op.drop_table('attachment')
    with op.batch_alter_table('account_event', schema=None) as batch_op:
        batch_op.drop_index('ix_account_event_user')

    op.drop_table('account_event')
    op.drop_table('user_account')
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.drop_index('ix_outgoing_mail_recipient')

    op.drop_table('outgoing_mail')
    with op.batch_alter_table('login_failure', schema=None) as batch_op:
        batch_op.drop_index('ix_login_failure_key')

    op.drop_table('login_failure')
    op.drop_table('letter_counter')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_ready', sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
        batch_op.drop_index('ix_job_lease', sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
        batch_op.drop_index('ix_job_instance')

    op.drop_table('job')
    op.drop_table('instansi')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index('ix_incident_state')

    op.drop_table('incident')
    with op.batch_alter_table('document_reading', schema=None) as batch_op:
        batch_op.drop_index('ix_document_reading_attachment')

    op.drop_table('document_reading')
    op.drop_table('document')
    op.drop_table('definition')
    op.drop_table('calendar_version')
    with op.batch_alter_table('bulk_run', schema=None) as batch_op:
        batch_op.drop_index('ix_bulk_run_state')
        batch_op.drop_index('ix_bulk_run_owner')

    op.drop_table('bulk_run')
