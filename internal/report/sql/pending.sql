-- Matches that were not decided within an hour, whenever they were made, oldest first: their message was lost or is among
-- the dead letters. The same request with its key sends it again.
SELECT
  l.received_at                                    AS "Received (London)",
  (run.at - l.received_at) / 3600000               AS "Hours waited",
  l.reference                                      AS "Reference",
  l.trn                                            AS "TRN",
  l.mailbox                                        AS "Email",
  ifnull(l.email, l.mailbox)                       AS "Email as typed",
  l.trn_emailed_at                                 AS "TRN emailed at (London)",
  l.lookup_id                                      AS "Lookup id"
FROM run
CROSS JOIN lookups l ON l.received_at < run.at - 3600000 AND l.outcome = 'trn_sent' AND l.unlock_outcome IS NULL
ORDER BY l.received_at, l.lookup_id;
