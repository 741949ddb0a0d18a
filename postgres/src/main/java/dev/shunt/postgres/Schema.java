package dev.shunt.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** The tables, which are made at the first start if they are missing and the program may make them. */
final class Schema {

    static final int VERSION = 1;

    /** Nodes that start at once make it one after the other. */
    private static final String LOCK = "select pg_advisory_xact_lock(8, 0)";

    static final String DDL = """
            create schema if not exists shunt;
            create sequence if not exists shunt.task_pos;
            create sequence if not exists shunt.number_seq minvalue 0 start 0 increment 64;
            create table if not exists shunt.meta(version int not null);
            create table if not exists shunt.node(
              id int generated always as identity primary key, name text not null, types text[] not null,
              ttl interval not null, server timestamptz not null,
              beat timestamptz not null default clock_timestamp(), stats jsonb);
            alter table shunt.node add column if not exists started timestamptz not null default clock_timestamp();
            create table if not exists shunt.gone(
              node int primary key, name text not null, at timestamptz not null default clock_timestamp());
            create table if not exists shunt.task(
              id bigint primary key, pos bigint not null default nextval('shunt.task_pos'),
              state "char" not null,
              prio smallint not null, type text not null, due timestamptz, deadline timestamptz,
              accepted timestamptz not null default clock_timestamp(),
              asker int not null, holder bigint, ukey text, uwait text, okey text, laned boolean not null default false,
              node int, fence int not null default 0, attempts int not null default 0,
              deaths int not null default 0, begun boolean not null default false,
              cancelled boolean not null default false, followed boolean not null default false,
              source int not null, options bytea not null, data bytea not null, outcome smallint, result bytea
            ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
              autovacuum_vacuum_cost_delay = 0);
            create index if not exists task_ready on shunt.task(prio, pos) where state = 'r';
            create index if not exists task_due on shunt.task(due) where state = 'w';
            create index if not exists task_deadline on shunt.task(deadline)
              where deadline is not null and state in ('r','w','k','u');
            create index if not exists task_leased on shunt.task(node) where state = 'l';
            create index if not exists task_done on shunt.task(asker, pos) where state = 'd';
            create index if not exists task_okey on shunt.task(okey, pos) where state = 'k';
            create index if not exists task_holder on shunt.task(holder) where state = 'j';
            create unique index if not exists task_ukey on shunt.task(ukey) where ukey is not null;
            create unique index if not exists task_uwait on shunt.task(uwait) where uwait is not null;
            alter table shunt.task add column if not exists line text, add column if not exists missed boolean;
            alter table shunt.task add column if not exists tick timestamptz,
              add column if not exists claimed timestamptz;
            create index if not exists task_line on shunt.task(line, pos) where state = 'u' and line is not null;
            create table if not exists shunt.lane(okey text primary key, n int not null);
            create table if not exists shunt.dead(
              id bigint primary key, type text not null, attempts int not null, outcome smallint not null,
              reason text not null, died timestamptz not null default clock_timestamp(), source int not null,
              accepted timestamptz not null, options bytea not null, data bytea not null);
            create table if not exists shunt.rate(type text primary key, tat timestamptz not null);
            create table if not exists shunt.schedule(
              name text, due timestamptz, node int not null, submitted boolean not null default false,
              primary key(name, due));
            create table if not exists shunt.moved(source text, id bigint, primary key(source, id));
            create unlogged table if not exists shunt.bus(
              id bigint generated always as identity primary key,
              at timestamptz not null default clock_timestamp(), body bytea not null);
            create sequence if not exists shunt.bus_number as int maxvalue 32767 cycle;
            create unlogged table if not exists shunt.bus_node(
              id int primary key, name text not null, beat timestamptz not null default clock_timestamp(),
              said bigint not null default 0);
            insert into shunt.meta(version) select 1 where not exists (select 1 from shunt.meta);
            """;

    private Schema() {}

    /** Makes what is missing, and refuses what a newer program has made. */
    static void prepare(Connection connection, Server server) throws IOException, SQLException {
        connection.setAutoCommit(false);
        int version = 1; // until it is known that there is none
        try (var statement = connection.createStatement()) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major < 15) {
                throw new IOException(server + " is PostgreSQL " + major + "; a task queue needs 15 or newer");
            }
            statement.execute(LOCK);
            boolean isThere;
            try (var rows = statement.executeQuery("""
                    select to_regclass('shunt.meta') is not null, exists (
                      select 1 from pg_attribute where attrelid = to_regclass('shunt.node') and attname = 'started')
                      and to_regclass('shunt.bus_node') is not null and exists (
                      select 1 from pg_attribute where attrelid = to_regclass('shunt.task') and attname = 'claimed')""")) {
                rows.next();
                isThere = rows.getBoolean(1);
                version = rows.getBoolean(2) ? 1 : 0; // none, or of a program that knew fewer columns
            }
            if (isThere) {
                check(connection, server);
            }
            if (version == 0) {
                statement.execute(DDL);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if ("42501".equals(e.getSQLState())) {
                throw mayNot(server, version, e);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static IOException mayNot(Server server, int version, SQLException e) {
        return new IOException(
                server
                        + (version == 0
                                ? " has no tables for a task queue, or older ones, and this user may not make them: have"
                                        + " somebody who may run once what PostgresTaskQueue.schema() says, and grant"
                                : " has the tables of a task queue, and this user may not use them: have their owner grant")
                        + " this user select, insert, update and delete on all tables in schema shunt, and usage on the schema"
                        + " and its sequences (" + Server.reason(e) + ")",
                e);
    }

    private static void check(Connection connection, Server server) throws SQLException, IOException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select version from shunt.meta")) {
            int found = rows.next() ? rows.getInt(1) : 0;
            if (found > VERSION) {
                throw new IOException("the task queue at " + server + " has tables of version " + found
                        + ", and this program knows those up to " + VERSION + ": start a newer program");
            }
        }
    }
}
