-- Who belongs to an organisation, and whose invitations are open.
CREATE INDEX belongs_organisation ON belongs (organisation_id);
CREATE INDEX invitation_inviter ON invitation (invited_by) WHERE closed_at IS NULL;
