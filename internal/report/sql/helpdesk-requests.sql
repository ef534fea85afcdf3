-- A row for each person who waits, oldest first; those for whom a later lookup found a TRN come last. What a person gave
-- differently in several requests stands in one cell, with "; " between. A column for each field of a lookup stands where
-- the details are.
SELECT
  min(w.requested_at)                              AS "Requested (London)",
  max(w.working_days)                              AS "Age in working days",
  group_concat(w.reference, '; ')                  AS "Reference",
  count(*)                                         AS "Requests",
  group_concat(DISTINCT w.why)                     AS "Reason",
  texts(w.candidates)                              AS "Candidate TRNs",
  f.reference                                      AS "Found since",
  f.received_at                                    AS "Found since at (London)",
  f.by_what                                        AS "Found since by",
  /* details */
  texts(w.note)                                    AS "Note",
  group_concat(w.lookup_id, '; ')                  AS "Lookup id"
FROM (SELECT * FROM waiting ORDER BY person, requested_at, lookup_id) w
LEFT JOIN found_since f ON f.person = w.person
GROUP BY w.person
ORDER BY f.reference IS NOT NULL, min(w.requested_at), min(w.lookup_id);
