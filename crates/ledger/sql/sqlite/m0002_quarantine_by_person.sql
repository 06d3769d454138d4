-- Uploads are counted by person, not by database: whoever makes up database names gains nothing.
CREATE INDEX ledger_quarantine_by_person ON ledger_quarantine (org_id, person);
