-- A row for each mailbox that found more than one TRN, most TRNs first: whom to write to or call.
SELECT
  r.mailbox                                        AS "Email",
  r.as_typed                                       AS "Email as typed",
  (SELECT group_concat(name, '; ') FROM (SELECT DISTINCT f.name FROM finds f WHERE f.mailbox = r.mailbox AND f.name <> '' ORDER BY f.name LIMIT 200))
                                                   AS "Names as typed",
  r.trns                                           AS "Number of TRNs",
  (SELECT group_concat(trn || ' ' || london(found_at) || ifnull(' ' || reference, ''), '; ')
   FROM (SELECT * FROM repeat_trns t WHERE t.mailbox = r.mailbox ORDER BY t.found_at, t.trn LIMIT 200))
                                                   AS "TRNs with the time and reference of each first find",
  r.first_at                                       AS "First used (London)",
  r.last_at                                        AS "Last used (London)",
  CASE r.role WHEN 1 THEN 'yes' ELSE 'no' END      AS "Role mailbox",
  r.since_at                                       AS "On the list since (London)",
  CASE WHEN run.previous_at IS NULL OR r.since_at >= run.previous_at THEN 'yes' ELSE 'no' END
                                                   AS "New since the report before",
  c.at                                             AS "Contacted (London)",
  c.by                                             AS "Contacted by",
  c.note                                           AS "Contact note",
  l.at                                             AS "Lifted (London)",
  l.by                                             AS "Lifted by",
  l.note                                           AS "Lift note"
FROM repeats r
CROSS JOIN run
LEFT JOIN newest_notes c ON c.mailbox = r.mailbox AND c.kind = 'contacted'
LEFT JOIN newest_notes l ON l.mailbox = r.mailbox AND l.kind = 'lifted'
ORDER BY r.trns DESC, r.mailbox;
