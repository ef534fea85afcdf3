-- Every lookup of the days reported that sent a TRN, oldest first: what became of the account, and why.
SELECT
  l.received_at                                    AS "Received (London)",
  l.reference                                      AS "Reference",
  l.trn                                            AS "TRN",
  l.mailbox                                        AS "Email",
  ifnull(l.email, l.mailbox)                       AS "Email as typed",
  ifnull(l.unlock_outcome, 'pending')              AS "Outcome",
  CASE WHEN l.unlock_reasons IS NOT NULL THEN
    (SELECT group_concat(words, '; ') FROM
      (SELECT words FROM reasons WHERE instr(' ' || l.unlock_reasons || ' ', ' ' || code || ' ') ORDER BY place)) END
                                                   AS "Reasons",
  CASE WHEN r.mailbox IS NOT NULL THEN
    (SELECT group_concat(trn, '; ') FROM (SELECT trn FROM repeat_trns t
      WHERE t.mailbox = l.mailbox AND t.trn <> l.trn ORDER BY t.found_at, t.trn LIMIT 200)) END
                                                   AS "Other TRNs of the email",
  CASE l.unlock_outcome WHEN 'unlocked' THEN l.decided_at END AS "Unlocked at (London)",
  l.trn_emailed_at                                 AS "TRN emailed at (London)",
  l.delivery                                       AS "Delivery",
  l.unlock_reasons                                 AS "Reason codes",
  l.lookup_id                                      AS "Lookup id"
FROM run
CROSS JOIN lookups l ON l.received_at >= run.from_at AND l.received_at < run.until_at AND l.outcome = 'trn_sent'
LEFT JOIN repeats r ON r.mailbox = l.mailbox
ORDER BY l.received_at, l.lookup_id;
