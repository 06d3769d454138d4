use crate::sql::Sql;

/// Publish jobs and their logs.
pub(super) const MIGRATION: Sql = Sql {
    name: "m0002_deliveries",
    up: &[
        // `wake_at`: when the publisher must look at the job again; NULL once there is nothing more to do
        "CREATE TABLE job (
            id TEXT PRIMARY KEY NOT NULL,
            post TEXT NOT NULL REFERENCES post (id) DEFERRABLE INITIALLY DEFERRED,
            account TEXT NOT NULL,
            state TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            not_before INTEGER,
            deadline INTEGER,
            lease_until INTEGER,
            wake_at INTEGER,
            finished_at INTEGER,
            hash TEXT NOT NULL,
            data TEXT NOT NULL
        ) STRICT",
        "CREATE INDEX job_by_post ON job (post, account)",
        "CREATE INDEX job_by_account ON job (account, due_at)",
        "CREATE INDEX job_by_state ON job (state, due_at)",
        "CREATE INDEX job_open_by_wake ON job (wake_at) WHERE wake_at IS NOT NULL",
        "CREATE INDEX job_open_by_due ON job (due_at) WHERE wake_at IS NOT NULL",
        "CREATE TABLE job_log (
            n INTEGER PRIMARY KEY NOT NULL,
            job TEXT NOT NULL REFERENCES job (id) DEFERRABLE INITIALLY DEFERRED,
            at INTEGER NOT NULL,
            step TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT",
        "CREATE INDEX job_log_by_job ON job_log (job, n)",
    ],
};
