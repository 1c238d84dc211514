-- What happened to this patient's oximeter between two times, and are any numbers missing?
--   psql ... -v patient=p:... -v since='2026-06-16 10:00+01' -v until='2026-06-16 10:05+01' -f question.sql
\set QUIET on
\pset footer off
set search_path = wasla;

-- The devices that the patient was on at that time and that measure oxygen saturation (MDC 150456).
create temp view device as
  select distinct a.region, a.site, a.gw, a.dev from association a
  where a.ref = :'patient' and a.from_t < :'until' and coalesce(a.to_t, 'infinity') > :'since'
    and exists (select from stream s join record r on r.stream = s.id
      where (s.region, s.site, s.gw, s.dev, s.k) = (a.region, a.site, a.gw, a.dev, 'obs')
        and r.t >= :'since' and r.t < :'until' and r.body @? '$.obs[*] ? (@.c == 150456)');

\echo On the patient:
select a.dev as device, a.how as "known by", a.st as state, to_char(a.from_t, 'YYYY-MM-DD HH24:MI:SS') as "from",
  coalesce(to_char(a.to_t, 'YYYY-MM-DD HH24:MI:SS'), 'still') as "to"
from association a join device using (region, site, gw, dev)
where a.ref = :'patient' and a.from_t < :'until' and coalesce(a.to_t, 'infinity') > :'since' order by a.from_t;

\echo What it showed, minute by minute (only while it was on this patient):
select to_char(date_trunc('minute', m.t), 'HH24:MI') as minute, m.dev as device, coalesce(m.n, m.r) as value, m.u as unit, count(m.v) as numbers,
  min(m.v) as lowest, max(m.v) as highest, (array_agg(m.v order by m.t desc) filter (where m.v is not null))[1] as last,
  count(*) - count(m.v) as "without one", string_agg(distinct coalesce(m.why, m.q), ', ') as marks
from measurement m join device using (region, site, gw, dev)
where m.k = 'obs' and m.ref = :'patient' and m.t >= :'since' and m.t < :'until' and m.n in ('spo2', 'pulse')
group by date_trunc('minute', m.t), m.dev, coalesce(m.n, m.r), m.u order by date_trunc('minute', m.t), m.dev, value desc;

\echo Events and alarms of the device:
select to_char(a.t, 'HH24:MI:SS') as at, a.dev as device, coalesce(a.body->>'e', concat_ws(' ', 'alarm', a.body->>'a', a.body->>'phase')) as what,
  coalesce(a.body->>'why', a.body->>'txt', a.body->>'how') as more
from attributed a join device using (region, site, gw, dev)
where a.k in ('evt', 'alarm') and a.t >= :'since' and a.t < :'until' order by a.t, a.seq;

\echo Its numbers:
create temp view checked as
  select n.* from numbers_between(:'since', :'until') n join device using (region, site, gw, dev);
select dev as device, k as kind, lower(nums) || ' to ' || upper(nums) - 1 as numbers, records as "are here", late as "of them late",
  case when isempty(missing) then 'none' else missing::text end as missing, coalesce(lost, 'none') as "lost, and why"
from checked order by dev, k;
\pset tuples_only on
select case when count(*) = 0 then 'No such device was on this patient then.'
  when bool_or(not isempty(missing)) then 'NUMBERS ARE MISSING: ' || sum(size(missing))
  when bool_or(lost is not null) then 'Some numbers are lost for good; the table says why.'
  else 'No number is missing.' end from checked;
