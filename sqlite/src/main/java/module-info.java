/** Keeps Shunt's durable tasks in an SQLite file: {@code dev.shunt.sqlite.SqliteTaskLog}. */
module dev.shunt.sqlite {
    requires java.sql;
    requires org.jspecify;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires transitive dev.shunt;

    exports dev.shunt.sqlite;
}
