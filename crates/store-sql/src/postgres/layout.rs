//! The schema `vandan`: made and migrated forward when the database is opened, and held against what is declared.

use super::connection::{Commit, Connection};
use crate::statement::Statements;
use ports::Fault;

/// The version of the physical layout: events and the way tables are made.
const LAYOUT: i64 = 1;
/// The one row that says which layout the schema has.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS layout (
    single BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (single), version BIGINT NOT NULL, opened BIGINT NOT NULL);
    INSERT INTO layout (version, opened) VALUES (0, 0) ON CONFLICT DO NOTHING;";
/// How many columns each table has.
const COLUMNS: &str = "SELECT c.relname || ' ' || COUNT(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'vandan'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY c.relname";
/// Everything in the schema, by kind and name. Indexes that belong to a constraint go with their table.
const OBJECTS: &str = "
    SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'i' THEN 'index' WHEN 'v' THEN 'view' WHEN 'm' THEN 'view'
        WHEN 'S' THEN 'sequence' ELSE 'relation' END || ' ' || relname
    FROM pg_class c WHERE relnamespace = 'vandan'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype = 'p')
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'vandan'::regnamespace AND NOT tgisinternal
    UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = 'vandan'::regnamespace AND c.relkind = 'r'
    UNION ALL SELECT 'policy ' || polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'vandan'::regnamespace
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'vandan'::regnamespace
    UNION ALL SELECT 'constraint ' || conname FROM pg_constraint
        WHERE connamespace = 'vandan'::regnamespace AND contype NOT IN ('p', 'n') AND conname <> 'layout_single_check'
    ORDER BY 1";

/// Makes what is missing, in one transaction.
pub(crate) fn migrate(connection: &mut Connection, statements: &Statements) -> Result<(), Fault> {
    // An account that may not make schemas can be given one.
    if connection.words("SELECT 1 FROM pg_namespace WHERE nspname = 'vandan'")?.is_empty() {
        connection.run("CREATE SCHEMA vandan")?;
    }
    connection.run("BEGIN")?;
    connection.run(TABLE)?;
    let found: i64 =
        connection.words("SELECT version FROM layout")?.pop().and_then(|word| word.parse().ok()).unwrap_or(0);
    if found > LAYOUT {
        connection.roll_back();
        return Err(Fault::Newer { found, known: LAYOUT });
    }
    let creates: Vec<&str> = statements.all().iter().map(|table| table.create.as_str()).collect();
    connection.run(&[statements.event.create.as_str(), &creates.concat()].concat())?;
    let columns = connection.words(COLUMNS)?;
    let mut rest = String::new();
    for table in statements.all() {
        let of = |line: &String| line.strip_prefix(table.table.name)?.strip_prefix(' ')?.parse::<usize>().ok();
        let there = columns.iter().find_map(of).unwrap_or(table.add_columns.len());
        rest.extend(table.add_columns.iter().skip(there).map(String::as_str));
        rest.push_str(&table.create_indexes);
    }
    rest.push_str(&format!("UPDATE layout SET version = {LAYOUT}"));
    connection.run(&rest)?;
    match connection.commit() {
        Commit::Done => Ok(()),
        Commit::Refused(fault) | Commit::Unknown(fault) => Err(fault),
        // It is confirmed, or not, by what is committed next.
        Commit::Unconfirmed => Ok(()),
    }
}

/// What is in the schema and not ours, and what makes the server forget what it has confirmed.
pub(crate) fn check(connection: &mut Connection, statements: &Statements) -> Result<Vec<String>, Fault> {
    let mut faults = Vec::new();
    for object in connection.words(OBJECTS)? {
        let (kind, name) = object.split_once(' ').unwrap_or((&object, ""));
        if !statements.declares(kind, name) && (kind, name) != ("table", "layout") {
            faults.push(format!("{kind} {name} is not ours"));
        }
    }
    for setting in ["fsync", "full_page_writes"] {
        if connection.words(&format!("SHOW {setting}"))? != ["on"] {
            faults.push(format!("the server runs with {setting} off"));
        }
    }
    Ok(faults)
}
