//! Row-level security: whatever a statement asks for.

use sqlx::{Connection as _, Row as _};

use crate::desk::{ADA, Laptop, create, fresh, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_sees_the_organisation_that_it_named_and_none_without_a_name() {
    let (Some(desk), Some(mut naked)) = (crate::desk::postgres().await, crate::postgres::naked().await) else { return };
    let other = crate::desk::postgres().await.unwrap();
    let mut ada = Laptop::of(ADA);
    desk.tries(&mut ada, &create(post(), None)).await;
    let tables =
        ["ledger_org", "ledger_row", "ledger_exit", "ledger_scope", "ledger_log", "ledger_client", "ledger_receipt"];
    for table in tables {
        let all = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count = sqlx::query(all).fetch_one(&mut naked).await.unwrap();
        assert_eq!(count.get::<i64, _>(0), 0, "{table} without a name");
    }
    // one connection, two organisations, one after the other
    for org in [desk.org, other.org, desk.org] {
        let mut tx = naked.begin().await.unwrap();
        sqlx::query("SELECT set_config('sendoff.org', $1, true)")
            .bind(org.to_string())
            .execute(&mut *tx)
            .await
            .unwrap();
        for table in tables {
            let foreign =
                sqlx::AssertSqlSafe(format!("SELECT count(*) FILTER (WHERE org_id <> $1), count(*) FROM {table}"));
            let count = sqlx::query(foreign).bind(org.uuid()).fetch_one(&mut *tx).await.unwrap();
            assert_eq!(count.get::<i64, _>(0), 0, "{table}");
            assert!(count.get::<i64, _>(1) > 0 || ["ledger_exit", "ledger_receipt"].contains(&table), "{table}");
        }
        let foreign = if org == desk.org { other.org } else { desk.org };
        let touched = sqlx::query("UPDATE ledger_row SET data = '' WHERE org_id = $1")
            .bind(foreign.uuid())
            .execute(&mut *tx)
            .await;
        assert_eq!(touched.unwrap().rows_affected(), 0);
        let put = sqlx::query("INSERT INTO ledger_client (org_id, client, person, last_n) VALUES ($1, $2, $2, 0)")
            .bind(foreign.uuid())
            .bind(fresh())
            .execute(&mut *tx)
            .await;
        assert_eq!(put.unwrap_err().as_database_error().unwrap().code().as_deref(), Some("42501"));
        tx.rollback().await.unwrap();
        let after = sqlx::query("SELECT count(*) FROM ledger_row").fetch_one(&mut naked).await.unwrap();
        assert_eq!(after.get::<i64, _>(0), 0, "the name ends with the transaction");
    }
    // the log is for ever
    for sql in
        ["DELETE FROM ledger_log", "UPDATE ledger_log SET body = ''", "TRUNCATE ledger_log", "DROP TABLE ledger_log"]
    {
        assert!(sqlx::query(sql).execute(&mut naked).await.is_err(), "{sql}");
    }
    // the poll sees what is listed, and of that the head alone
    let heads = desk.store.heads(&[desk.org]).await.unwrap();
    assert_eq!(heads, [(desk.org, desk.head().await.seq)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_above_the_rules_is_refused() {
    let Some(owner) = crate::postgres::owner().await else { return };
    let refused = ledger::store::PgStore::over(owner).await;
    assert_eq!(refused.err(), Some(ledger::StoreError::UnsafeRole));
}
