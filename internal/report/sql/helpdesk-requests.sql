-- A row for each person who waits, oldest first; those for whom a later lookup found a TRN come last. What a person gave
-- differently in several requests stands in one cell, with "; " between.
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
  texts(w.email)                                   AS "Email",
  texts(w.first_name)                              AS "First name",
  texts(w.middle_name)                             AS "Middle name",
  texts(w.last_name)                               AS "Last name",
  texts(w.previous_first_name)                     AS "Previous first name",
  texts(w.previous_last_name)                      AS "Previous last name",
  texts(w.date_of_birth)                           AS "Date of birth",
  texts(w.national_insurance_number)               AS "National Insurance number",
  texts(w.trn)                                     AS "TRN given",
  texts(w.training_provider)                       AS "Training provider",
  texts(w.note)                                    AS "Note",
  group_concat(w.lookup_id, '; ')                  AS "Lookup id"
FROM (SELECT * FROM waiting ORDER BY person, requested_at, lookup_id) w
LEFT JOIN found_since f ON f.person = w.person
GROUP BY w.person
ORDER BY f.reference IS NOT NULL, min(w.requested_at), min(w.lookup_id);
