"""For migrations: rows that the database itself keeps as they were written."""

from django.db import migrations

STATEMENTS = {
    "sqlite": [
        """
        CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}
        BEGIN SELECT RAISE(ABORT, '{message}'); END
        """
    ],
    "postgresql": [
        """
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}()
        """,
    ],
}
REVERSE = {
    "sqlite": ["DROP TRIGGER {name}"],
    "postgresql": ["DROP TRIGGER {name} ON {table}", "DROP FUNCTION {name}()"],
}


class RefuseChanges(migrations.RunPython):
    """An operation that makes the database refuse every change of some columns of a table with a message.

    Leave out what may be set to null when another row is deleted. SQLite drops the trigger when a later migration makes
    the table anew: that one has to create it again.
    """

    def __init__(self, name: str, *, table: str, columns: str, message: str) -> None:
        words = {"name": name, "table": table, "columns": columns, "message": message}

        def run(statements: dict[str, list[str]], schema_editor) -> None:
            for statement in statements[schema_editor.connection.vendor]:
                schema_editor.execute(statement.format(**words))

        super().__init__(lambda apps, editor: run(STATEMENTS, editor), lambda apps, editor: run(REVERSE, editor))
