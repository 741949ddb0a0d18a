/** Shares Shunt's durable tasks between nodes, in PostgreSQL: {@code dev.shunt.postgres.PostgresTaskQueue}. */
@SuppressWarnings("requires-automatic")
module dev.shunt.postgres {
    requires java.management;
    requires org.jspecify;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires static org.tukaani.xz;
    requires transitive dev.shunt;
    requires transitive java.sql;

    exports dev.shunt.postgres;
}
