create table if not exists mail (id text primary key, recipient text not null, state text not null, pid integer, problem text);
