-- What the region keeps of the stream, and what it knows of it. PostgreSQL 14 or later; can be run again at any time.
-- The program only carries messages here. Every decision is made in take(), one transaction a message, so that any number
-- of programs, in any language, share the work and none has to remember anything.
set client_min_messages = warning;
create schema if not exists wasla;
set search_path = wasla;

-- 1. Tables -------------------------------------------------------------------------------------------------------------

-- One row a stream: device, kind and epoch of a gateway. An epoch is a buffer; with a new one the numbers begin again.
create table if not exists stream (
  id bigint generated always as identity primary key,
  region text not null, site text not null, gw text not null, ep text not null, dev text not null, k text not null,
  first bigint,                                    -- checked from this number on; null: only told of as yet
  settled int8multirange not null default '{}',    -- arrived, or said never to come
  open_since timestamptz,                          -- what is missing is the same since then; null: nothing is missing
  asked timestamptz,                               -- when it was asked for; null: it was not, or it was answered
  asks int not null default 0,                     -- how often in vain
  refusal text,                                    -- the last one, in the gateway's words
  unique (gw, ep, dev, k)
) with (fillfactor = 50);                          -- it changes with every message: room for that on the same page
create index if not exists stream_open on stream (gw) where open_since is not null;

-- One row a number. The rows of a batch stand here one by one, as if each had come alone.
create table if not exists record (
  stream bigint not null references stream, seq bigint not null,
  t timestamptz not null, late bigint, loc text, pat text,
  present int not null, absent int not null,       -- values that are there, and that are not
  body jsonb not null,                             -- numbers keep their digits: 36.80 stays 36.80
  kept timestamptz not null default clock_timestamp(),
  primary key (stream, seq)
);
create index if not exists record_time on record (stream, t);
create index if not exists record_event on record ((body->>'e')) where body ? 'e';

-- Numbers that will never come, and why: as the event gap says it, or not-held when the gateway no longer has them.
create table if not exists loss (
  stream bigint not null references stream, why text not null, nums int8multirange not null,
  primary key (stream, why)
);

-- What could not be taken. It is acknowledged all the same: sent again it would be no better. One that comes again counts.
create table if not exists rejected (
  reason text not null, digest text not null, topic text not null, content_type text, detail text,
  bytes int not null, head bytea not null,         -- the first 16 KiB
  count bigint not null default 1, first timestamptz not null default now(), last timestamptz not null default now(),
  primary key (reason, digest)
);

-- 2. Taking a message ---------------------------------------------------------------------------------------------------

create or replace function size(nums int8multirange) returns bigint
language sql immutable as $$ select coalesce(sum(upper(r) - lower(r)), 0)::bigint from unnest(nums) r $$;

create or replace function instant(ms bigint) returns timestamptz
language sql immutable as $$ select to_timestamp(ms / 1000.0) $$;

create or replace function missing(first bigint, settled int8multirange) returns int8multirange
language sql immutable as $$
  select case when first is null or isempty(settled) then '{}'::int8multirange
    else int8multirange(int8range(first, greatest(first, upper(settled)))) - settled end
$$;

-- The message is at fault, and not we: WA001 and a reason in one word.
create or replace function refuse(reason text, detail text) returns void language plpgsql as $$
begin
  raise exception using errcode = 'WA001', message = reason, detail = detail;
end $$;

create or replace function reject(topic text, content_type text, payload bytea, reason text, detail text) returns text
language sql set search_path = wasla as $$
  insert into rejected as r (reason, digest, topic, content_type, detail, bytes, head)
    values (reason, md5(convert_to(topic || ' ', 'UTF8') || payload), topic, content_type, left(detail, 500),
      length(payload), substr(payload, 1, 16384))
    on conflict on constraint rejected_pkey do update set count = r.count + 1, last = now();
  select 'rejected';
$$;

-- Only what is relied upon here is checked; the whole contract is ops/contract/record.schema.json.
create or replace function check_record(m jsonb, level text[]) returns void language plpgsql as $$
begin
  if jsonb_typeof(m) <> 'object' then
    perform refuse('contract', 'it is no object');
  elsif m->>'v' is distinct from '1' then
    perform refuse('version', 'v is ' || coalesce(m->>'v', 'not there'));
  elsif (m->>'gw' = level[5] and m->>'dev' = level[7] and m->>'k' in ('obs', 'wav', 'alarm', 'res', 'evt')
      and (level[8] = m->>'k' or level[8] = 'obs-bf' and m->>'k' = 'obs')) is not true then
    perform refuse('topic', 'gw, dev or k is not what the topic says');
  elsif (m->>'ep' ~ '^[0-9a-f]{8}$' and m->>'seq' ~ '^[1-9][0-9]{0,15}$' and m->>'t' ~ '^[1-9][0-9]{0,14}$') is not true then
    perform refuse('contract', 'ep, seq or t is not what it must be');
  elsif m->>'id' is distinct from concat_ws('.', m->>'gw', m->>'ep', m->>'dev', m->>'k', m->>'seq') then
    perform refuse('contract', 'id is not gw.ep.dev.k.seq');
  elsif m ? 'late' and (m->>'late' ~ '^[0-9]{1,15}$') is not true then
    perform refuse('contract', 'late is no number of ms');
  end if;
end $$;

-- The values of a record: the views read them without looking, and one odd record must not spoil a view.
create or replace function check_values(given jsonb) returns void language plpgsql as $$
begin
  if jsonb_typeof(given) is distinct from 'array' then
    perform refuse('contract', 'there is no list of values');
  elsif given @? '$[*] ? (@.type() != "object" || exists (@.v ? (@.type() != "number"))
      || exists (@.c ? (@.type() != "number")))' then
    perform refuse('contract', 'a value is no object, or its v or c no number');
  end if;
end $$;

-- The same for the events that are read here.
create or replace function check_event(m jsonb) returns void language plpgsql as $$
declare
  is_good boolean;
begin
  case m->>'e'
  when 'gap' then
    is_good := m->>'of' ~ '^[a-z0-9-]+\.[a-z]+$' and m->>'why' <> '' and (m->'from')::bigint between 1 and (m->'to')::bigint;
  when 'association' then
    is_good := m->>'as' <> '' and m->>'ref' <> '' and m->>'st' <> '' and (m->'rec')::bigint > 0
      and instant((m->'from')::bigint) < coalesce(instant((m->'to')::bigint), 'infinity') + interval '1 ms';
  when 'association-corrected', 'rebind' then
    select bool_and(part->>'of' ~ '^[a-z0-9-]+\.[a-z]+$' and (part->'from')::bigint between 1 and (part->'to')::bigint)
      or count(*) = 0 into is_good from jsonb_array_elements(m->'nums') part;
    is_good := is_good and jsonb_typeof(m->'nums') = 'array'
      and (m->>'e' <> 'rebind' or m->>'ref' <> '' and (m->'rev')::bigint >= 0);
  when 'patient-merged' then is_good := m->>'was' <> '' and m->>'ref' <> '';
  else is_good := m->>'e' <> '';
  end case;
  if is_good is not true then
    perform refuse('contract', 'the event ' || coalesce(m->>'e', 'without a name') || ' lacks what it must have');
  end if;
end $$;

-- A batch as the single records that it stands for.
create or replace function rows_of(m jsonb) returns table (seq bigint, body jsonb) language plpgsql immutable as $$
declare
  begin_at bigint := (m->'seq')::bigint - 1;
  whole text := jsonb_path_query_first(m, '$.dts[*] ? (@.type() == "string")') #>> '{}';
begin
  if jsonb_typeof(m->'rows') is distinct from 'array' or jsonb_typeof(m->'cols') is distinct from 'array'
      or jsonb_array_length(m->'rows') is distinct from (m->'n')::int or m->'rows' = '[]' then
    perform refuse('contract', 'n, rows and cols do not agree');
  end if;
  return query
  select begin_at + i,
    m - '{rows,cols,q,n,dts}'::text[]
      || jsonb_build_object('seq', begin_at + i, 't', (m->'t')::bigint + (line->0)::bigint, 'obs', cells,
        'id', concat_ws('.', m->>'gw', m->>'ep', m->>'dev', m->>'k', begin_at + i))
      || case when shown is null then '{}'::jsonb  -- a shorter time replaces the end of the first
         else jsonb_build_object('dt', left(whole, length(whole) - length(shown)) || shown) end
  from jsonb_array_elements(m->'rows') with ordinality lines(line, i)
  cross join lateral (select m->'dts'->>(i::int - 1) as shown) d
  cross join lateral (
    select coalesce(jsonb_agg(col || cell || flag order by j), '[]') as cells
    from jsonb_array_elements(m->'cols') with ordinality cols(col, j)
    cross join lateral (select case jsonb_typeof(line->j::int) when 'number' then jsonb_build_object('v', line->j::int)
      when 'string' then jsonb_build_object('s', line->j::int) else '{}' end) v(cell)
    cross join lateral (select coalesce((select jsonb_build_object('q', f->2) from jsonb_array_elements(m->'q') f
      where (f->0)::int = i - 1 and (f->1)::int = j - 1 limit 1), '{}')) q(flag)
    where cell <> '{}' or flag <> '{}') c;
end $$;

create or replace function stream_of(level text[], epoch text, device text, kind text) returns bigint language plpgsql as $$
declare
  known bigint;
begin
  select id into known from stream where (gw, ep, dev, k) = (level[5], epoch, device, kind);
  if known is null then
    insert into stream (region, site, gw, ep, dev, k) values (level[3], level[4], level[5], epoch, device, kind)
      on conflict do nothing;
    select id into known from stream where (gw, ep, dev, k) = (level[5], epoch, device, kind);
  end if;
  return known;
end $$;

-- Writes down that these numbers are settled. What is missing moved when less of it is missing than before.
create or replace function settle(s stream, nums int8multirange, begin_at bigint) returns void language plpgsql as $$
declare
  whole int8multirange := s.settled + nums;
  was int8multirange := missing(s.first, s.settled);
  still int8multirange := missing(begin_at, whole);
  moved boolean := isempty(was) or not isempty(still) and size(still) < size(was);
begin
  update stream set settled = whole, first = begin_at,
    open_since = case when isempty(still) then null when moved then clock_timestamp() else s.open_since end,
    asked = case when not isempty(still) then s.asked end,
    asks = case when isempty(still) or moved then 0 else s.asks end
  where id = s.id;
end $$;

-- These numbers will never come, but for those that did already.
create or replace function give_up(stream_id bigint, reason text, never int8multirange) returns void language plpgsql as $$
declare
  s stream;
begin
  select * into s from stream where id = stream_id for update;
  never := never - s.settled;
  if not isempty(never) then
    insert into loss as l values (stream_id, reason, never)
      on conflict on constraint loss_pkey do update set nums = l.nums + excluded.nums;
    perform settle(s, never, s.first);
  end if;
end $$;

-- A record or a batch: new, or seen when all its numbers were there already. Another record under a number that is taken
-- is no repetition: it is refused, and tells of a buffer that lives twice (a copied disk). A young stream is checked from
-- number 1, another one from where we came in.
create or replace function keep(m jsonb, level text[]) returns text language plpgsql as $$
declare
  s stream;
  kind text := m->>'k';
  begin_at bigint := (m->'seq')::bigint;
  taken int8multirange := int8multirange(int8range(begin_at,
    begin_at + case when m ? 'rows' then (m->'n')::int else 1 end));
  known bigint;
  part jsonb;
  number bigint;
  added int := 0;
begin
  if kind = 'evt' then
    perform check_event(m);
  end if;
  known := stream_of(level, m->>'ep', m->>'dev', kind);
  select * into strict s from stream where id = known for update;
  for number, part in select * from rows_of(m) where m ? 'rows' union all select begin_at, m where not m ? 'rows' loop
    if kind in ('obs', 'res') then
      perform check_values(part->kind);
    end if;
    insert into record (stream, seq, t, late, loc, pat, present, absent, body)
      select s.id, number, instant((part->'t')::bigint), (part->'late')::bigint, part->>'loc', part#>>'{pat,ref}',
        count(*) filter (where o ?| '{v,s}'), count(*) filter (where not o ?| '{v,s}'), part
      from jsonb_array_elements(case when kind in ('obs', 'res') then part->kind else '[]' end) o
      on conflict do nothing;
    if found then
      added := added + 1;
    elsif not exists (select from record where stream = s.id and seq = number and t = instant((part->'t')::bigint)) then
      perform refuse('other-content', 'another record has the number ' || number);
    end if;
  end loop;
  if added = 0 then
    return 'seen';
  end if;
  if taken && s.settled then  -- given up too early
    update loss l set nums = l.nums - taken where stream = s.id and l.nums && taken;
  end if;
  perform settle(s, taken, coalesce(s.first, case when begin_at <= 100 then 1 else begin_at end));
  if m->>'e' = 'gap' and m->>'of' !~ '\.fhir$' then
    perform give_up(stream_of(level, m->>'ep', split_part(m->>'of', '.', 1), split_part(m->>'of', '.', 2)), m->>'why',
      int8multirange(int8range((m->'from')::bigint, (m->'to')::bigint, '[]')));
  end if;
  return 'new';
end $$;

-- What a gateway answered to an order of asks(): what it no longer holds is given up. After one that brought something the
-- next is due at once.
create or replace function hear(m jsonb, level text[]) returns text language plpgsql as $$
declare
  s stream;
  never int8multirange;
begin
  if m->>'verb' is distinct from 'replay' or (m->>'jti' ~ '^[0-9]{1,18}-[0-9]{1,9}-[0-9]{1,12}$') is not true then
    perform refuse('answer', 'it answers nothing that was asked from here');
  end if;
  select * into s from stream where id = split_part(m->>'jti', '-', 1)::bigint and gw = level[5] for update;
  if s.id is null then
    perform refuse('answer', 'it is about a stream that is not of this gateway');
  elsif m->>'s' = 'done' then
    select range_agg(int8range((r->0)::bigint, (r->1)::bigint, '[]')) into never from jsonb_array_elements(m->'missing') r;
    perform give_up(s.id, 'not-held', coalesce(never, '{}'));
    update stream set asked = null, open_since = '-infinity' where id = s.id and open_since is not null and asks = 0;
  else
    update stream set refusal = left(m->>'why', 200) where id = s.id;
  end if;
  return 'heard';
end $$;

-- The one door. 'new', 'seen', 'heard' or 'rejected': all of them may be acknowledged once this transaction is committed.
-- What is not the message's fault (no room, a deadlock, an administrator's order) is raised, and then it may not.
create or replace function take(topic text, content_type text, payload bytea) returns text
language plpgsql set search_path = wasla as $$
declare
  level text[] := string_to_array(topic, '/');
  m jsonb;
  reason text := 'json';
  detail text;
begin
  if content_type !~ '[/+]json$' then
    perform refuse('content-type', 'not known here: ' || content_type);
  end if;
  m := convert_from(payload, 'UTF8')::jsonb;
  reason := 'contract';
  if level[1] = 'wasla' and level[2] = '1' and level[6] = 'd' and cardinality(level) = 8 then
    perform check_record(m, level);
    return keep(m, level);
  elsif level[1] = 'wasla' and level[2] = '1' and level[6] = 'rsp' and cardinality(level) = 7 then
    return hear(m, level);
  end if;
  perform refuse('topic', 'nothing is known of such a topic');
exception
  when sqlstate 'WA001' then
    get stacked diagnostics reason = message_text, detail = pg_exception_detail;
    return reject(topic, content_type, payload, reason, detail);
  when data_exception or program_limit_exceeded then
    return reject(topic, content_type, payload, reason, sqlerrm);
end $$;

-- The orders that are due: holes that have not moved for so long. One a gateway at a time, at most 1,000 numbers; one that
-- brought nothing is repeated after twice the time, then four times, at last once a day. Publish each to its topic, with the
-- response topic .../rsp/{client}.
create or replace function asks(patience interval) returns table (topic text, payload text)
language plpgsql set search_path = wasla as $$
begin
  if not pg_try_advisory_xact_lock(hashtext('wasla.asks')) then
    return;  -- another program is at it
  end if;
  return query
  with due as (
    select distinct on (s.region, s.site, s.gw) s.id, missing(s.first, s.settled) as nums from stream s
    where s.open_since < now() - patience
      and (s.asked is null or s.asked < now() - least(patience * 2 ^ least(s.asks, 30), interval '1 day'))
      and not exists (select from stream o where o.gw = s.gw and o.id <> s.id and o.open_since is not null
        and o.asked > now() - patience)
    order by s.region, s.site, s.gw, s.asks, s.open_since
    limit 100
  ), put as (
    update stream s set asked = now(), asks = s.asks + 1 from due where s.id = due.id returning s.*, due.nums
  )
  select concat_ws('/', 'wasla/1', region, site, gw, 'cmd/replay'),
    json_build_object('v', 1, 'jti', concat_ws('-', id, put.asks, extract(epoch from now())::bigint), 'dev', dev, 'k', k,
      'ep', ep, 'from', lower(nums), 'to', least(upper(nums) - 1, lower(nums) + 999))::text
  from put;
end $$;

-- 3. Looking at it ------------------------------------------------------------------------------------------------------
-- Everything below follows from the tables; a region makes tables of the views that it asks often.

-- Streams with what is missing of them and what was said to be lost. Numbers before first were not asked for.
create or replace view numbering as
  select region, site, gw, dev, k, ep, first, upper(settled) - 1 as last, missing(first, settled) as missing,
    size(missing(first, settled)) as missing_count, coalesce((select sum(size(nums)) from loss where stream = id), 0) as lost_count,
    open_since, asks, refusal
  from stream;

-- Who a device is on, by the newest version of each association; ref is the patient's pseudonym now, after merging.
create or replace view merged as
  with recursive newest as (
    select distinct on (s.region, s.site, was) s.region, s.site, r.body->>'was' as was, r.body->>'ref' as ref
    from record r join stream s on s.id = r.stream cross join lateral (select r.body->>'was') w(was)
    where r.body->>'e' = 'patient-merged' and r.body ? 'e' order by s.region, s.site, was, r.t desc, r.seq desc
  ), step as (
    select region, site, was, ref, 1 as steps from newest
    union all
    select s.region, s.site, s.was, n.ref, s.steps + 1 from step s
      join newest n on (n.region, n.site, n.was) = (s.region, s.site, s.ref) where s.steps < 16
  )
  select distinct on (region, site, was) region, site, was, ref from step order by region, site, was, steps desc;

-- The reference under which the registry of patients knows a pseudonym: of a gateway's rebind the one of the highest rev
-- holds, for every record of that pseudonym. null: it was taken back.
create or replace view registered as
  select distinct on (s.region, s.site, s.gw, r.body->>'ref') s.region, s.site, s.gw, r.body->>'ref' as ref,
    r.body->>'now' as reg, r.body->>'why' as why
  from record r join stream s on s.id = r.stream where r.body->>'e' = 'rebind' and r.body ? 'e'
  order by s.region, s.site, s.gw, r.body->>'ref', (r.body->'rev')::bigint desc;

create or replace view association as
  with newest as (
    select distinct on (s.region, s.site, s.gw, r.body->>'as') s.region, s.site, s.gw, s.dev, r.body
    from record r join stream s on s.id = r.stream where r.body->>'e' = 'association' and r.body ? 'e'
    order by s.region, s.site, s.gw, r.body->>'as', (r.body->'rec')::bigint desc, r.seq desc
  )
  select n.region, n.site, n.gw, dev, body->>'as' as "as", coalesce(m.ref, body->>'ref') as ref, g.reg, body->>'st' as st,
    body->>'how' as how, body->>'st' in ('F', 'C') as validated, instant((body->'from')::bigint) as from_t,
    instant((body->'to')::bigint) as to_t
  from newest n left join merged m on (m.region, m.site, m.was) = (n.region, n.site, n.body->>'ref')
  left join registered g on (g.region, g.site, g.gw, g.ref) = (n.region, n.site, n.gw, n.body->>'ref')
  where body->>'st' not in ('D', 'W');

-- Numbers that are to be attributed anew: to ref, or to nobody where that is null. The newest that names a number counts.
create or replace view correction as
  select s.region, s.site, s.gw, s.ep, split_part(part->>'of', '.', 1) as dev, split_part(part->>'of', '.', 2) as k,
    int8range((part->'from')::bigint, (part->'to')::bigint, '[]') as nums, r.body->>'ref' as ref, r.t, r.seq
  from record r join stream s on s.id = r.stream cross join lateral jsonb_array_elements(r.body->'nums') part
  where r.body->>'e' = 'association-corrected' and r.body ? 'e';

-- Every record with the patient that it is of by all that is known now: ref, the site's pseudonym, and reg, the registry's
-- reference. pat is the pseudonym that it was published with.
create or replace view attributed as
  select s.region, s.site, s.gw, s.dev, s.k, s.ep, r.seq, r.t, r.late, r.loc, r.pat, coalesce(m.ref, p.ref) as ref,
    case when g.ref is not null then g.reg when c.is_new is null then r.body#>>'{pat,reg}' end as reg, r.present, r.absent,
    r.body
  from record r join stream s on s.id = r.stream
  left join lateral (select true as is_new, x.ref from correction x
    where (x.region, x.site, x.gw, x.ep, x.dev, x.k) = (s.region, s.site, s.gw, s.ep, s.dev, s.k) and r.seq <@ x.nums
    order by x.seq desc limit 1) c on true
  cross join lateral (select case when c.is_new then c.ref else r.pat end) p(ref)
  left join merged m on (m.region, m.site, m.was) = (s.region, s.site, p.ref)
  left join registered g on (g.region, g.site, g.gw, g.ref) = (s.region, s.site, s.gw, p.ref);

-- One row a value. v and s are null where there is none; q and why say what is the matter. Absent is not zero.
create or replace view measurement as
  select a.region, a.site, a.gw, a.dev, a.k, a.ep, a.seq, a.t, a.loc, a.ref, a.reg, at, (o->'c')::bigint as c, o->>'n' as n,
    o->>'r' as r, o->>'l' as l, (o->'v')::numeric as v, o->>'cmp' as cmp, o->>'s' as s, o->>'u' as u, o->>'q' as q,
    o->>'why' as why
  from attributed a cross join lateral jsonb_array_elements(case when a.k in ('obs', 'res') then a.body->a.k else '[]' end)
    with ordinality given(o, at);

-- Every hole, with the time and place of the record before it, or else of the one behind: why is null while it may be filled.
create or replace view hole as
  select s.region, s.site, s.gw, s.dev, s.k, s.ep, h.nums, h.why, r.t, r.loc
  from (select id, unnest(missing(first, settled)) as nums, null as why from stream
    union all select stream, unnest(nums), why from loss) h
  join stream s on s.id = h.id
  left join lateral (select t, loc from (
    (select t, loc, 1 as choice from record where stream = h.id and seq < lower(h.nums) order by seq desc limit 1)
    union all (select t, loc, 2 from record where stream = h.id and seq >= upper(h.nums) order by seq limit 1)) near
    order by choice limit 1) r on true;

-- Per hour and unit (the first level of loc): what came, and how much of all that was numbered.
create or replace view indicator as
  select hour, region, site, unit, sum(records) as records, sum(late) as late, sum(present) as values, sum(absent) as absent,
    sum(missing) as missing, sum(lost) as lost,
    round(sum(records) / nullif(sum(records) + sum(missing) + sum(lost), 0), 4) as completeness
  from (
    select date_trunc('hour', r.t) as hour, s.region, s.site, split_part(coalesce(r.loc, ''), '/', 1) as unit, 1 as records,
      (r.late is not null)::int as late, r.present, r.absent, 0::bigint as missing, 0::bigint as lost
    from record r join stream s on s.id = r.stream
    union all
    select date_trunc('hour', t), region, site, split_part(coalesce(loc, ''), '/', 1), 0, 0, 0, 0,
      case when why is null then upper(nums) - lower(nums) else 0 end,
      case when why is null then 0 else upper(nums) - lower(nums) end
    from hole
  ) parts
  group by hour, region, site, unit;

-- The numbers of every stream between two times: from behind the last record before to ahead of the first one after, so that
-- a hole at the edge is not overlooked.
create or replace function numbers_between(since timestamptz, until timestamptz)
returns table (region text, site text, gw text, dev text, k text, ep text, nums int8range, records bigint, late bigint,
  missing int8multirange, lost text)
language sql stable as $$
  select s.region, s.site, s.gw, s.dev, s.k, s.ep, span, count(r.*), count(r.late),
    missing(s.first, s.settled) * int8multirange(span),
    (select string_agg(l.why || ' ' || (l.nums * int8multirange(span))::text, ', ') from loss l
      where l.stream = s.id and l.nums && span)
  from stream s cross join lateral (select coalesce(s.first, lower(s.settled))) f(first)
  cross join lateral (select int8range(
    coalesce((select seq + 1 from record where stream = s.id and t < since order by t desc, seq desc limit 1), f.first),
    greatest(coalesce((select seq from record where stream = s.id and t >= until order by t, seq limit 1), upper(s.settled)),
      f.first))) e(span)
  left join record r on r.stream = s.id and r.seq <@ span
  where not isempty(span)
  group by s.id, span
$$;
