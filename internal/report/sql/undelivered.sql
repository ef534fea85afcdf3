-- TRN emails of the days reported that did not arrive, oldest first: write to the person another way.
SELECT
  l.received_at                                    AS "Received (London)",
  l.reference                                      AS "Reference",
  l.trn                                            AS "TRN",
  l.name                                           AS "Name as typed",
  l.mailbox                                        AS "Email",
  ifnull(l.email, l.mailbox)                       AS "Email as typed",
  l.trn_emailed_at                                 AS "TRN emailed at (London)",
  l.delivery                                       AS "Delivery",
  c.at                                             AS "Contacted since (London)",
  c.by                                             AS "Contacted by",
  c.note                                           AS "Contact note",
  l.lookup_id                                      AS "Lookup id"
FROM run
CROSS JOIN lookups l ON l.received_at >= run.from_at AND l.received_at < run.until_at AND l.outcome = 'trn_sent'
  AND l.delivery LIKE '%-failure'
LEFT JOIN newest_notes c ON c.mailbox = l.mailbox AND c.kind = 'contacted' AND c.at >= l.received_at
ORDER BY l.received_at, l.lookup_id;
