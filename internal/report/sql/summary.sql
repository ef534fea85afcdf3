-- The figures of summary.html: what is counted, of which kind, how many.
SELECT 'lookups' AS figure, received_day AS day, outcome AS kind, sum(number) AS number FROM reported GROUP BY received_day, outcome
UNION ALL
SELECT 'asked', NULL, r.why, count(*) FROM run JOIN helpdesk_requests r ON r.requested_at >= run.from_at AND r.requested_at < run.until_at GROUP BY r.why
UNION ALL
SELECT 'unlocks', NULL, ifnull(unlock_outcome, 'pending'), sum(number) FROM reported WHERE outcome = 'trn_sent' GROUP BY 3
UNION ALL
SELECT 'reasons', NULL, unlock_reasons, sum(number) FROM reported WHERE unlock_outcome = 'refused' AND unlock_reasons IS NOT NULL GROUP BY unlock_reasons
UNION ALL
SELECT 'deliveries', NULL, delivery, sum(number) FROM reported WHERE outcome = 'trn_sent' GROUP BY delivery
UNION ALL
SELECT 'repeats', NULL, trns, count(*) FROM repeats GROUP BY trns
UNION ALL
SELECT 'roles', NULL, NULL, count(*) FROM repeats WHERE role
UNION ALL
SELECT 'new_repeats', NULL, NULL, count(*) FROM repeats r CROSS JOIN run WHERE run.previous_at IS NULL OR r.since_at >= run.previous_at
UNION ALL
SELECT 'waiting', NULL, age, count(*) FROM (SELECT max(working_days) AS age FROM waiting GROUP BY person) GROUP BY age
UNION ALL
SELECT 'new_waiting', NULL, NULL, count(*) FROM (SELECT min(requested_at) AS since FROM waiting GROUP BY person) CROSS JOIN run
  WHERE run.previous_at IS NULL OR since >= run.previous_at
UNION ALL
SELECT 'found_since', NULL, NULL, count(*) FROM found_since
UNION ALL
SELECT 'pending', NULL, reference, count(*) FROM run CROSS JOIN lookups ON received_at < run.at - 3600000 AND outcome = 'trn_sent' AND unlock_outcome IS NULL GROUP BY reference
UNION ALL
SELECT 'unreadable', NULL, table_name, count(DISTINCT file || ' ' || line) FROM unreadable GROUP BY table_name;
