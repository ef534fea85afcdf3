-- What several reports join on, made once when all is read.

CREATE INDEX emails_with_several ON emails (mailbox) WHERE trns > 1 OR full;
CREATE INDEX answers_by_person ON helpdesk_requests (person, answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX finds_by_mailbox ON finds (mailbox, trn, received_at);
CREATE INDEX finds_by_name ON finds (name_key, received_at);

-- Every TRN of the mailboxes that found several, with the time and lookup of its first find. A full item lists only the
-- first; the lookups have the others.
CREATE TABLE repeat_trns (mailbox TEXT NOT NULL, trn TEXT NOT NULL, found_at INTEGER NOT NULL, reference TEXT);
INSERT INTO repeat_trns
  SELECT t.mailbox, t.trn, t.found_at,
    (SELECT f.reference FROM finds f WHERE f.mailbox = t.mailbox AND f.trn = t.trn ORDER BY f.received_at, f.lookup_id LIMIT 1)
  FROM email_trns t;
INSERT INTO repeat_trns
  SELECT f.mailbox, f.trn, min(f.received_at), f.reference
  FROM emails e CROSS JOIN finds f ON f.mailbox = e.mailbox
  WHERE e.full AND NOT EXISTS (SELECT 1 FROM email_trns t WHERE t.mailbox = f.mailbox AND t.trn = f.trn)
  GROUP BY f.mailbox, f.trn;
CREATE INDEX repeat_trns_by_mailbox ON repeat_trns (mailbox, found_at, trn);

-- The mailboxes that found more than one TRN. They are on the list since the second; the first use is the earliest of all
-- times, in whatever order the matches arrived.
CREATE TABLE repeats (
  mailbox  TEXT PRIMARY KEY,
  as_typed TEXT NOT NULL,
  role     INTEGER NOT NULL,
  trns     INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  since_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO repeats
  SELECT e.mailbox, ifnull(e.as_typed, e.mailbox), e.role, t.trns, min(t.first_at, ifnull(e.first_used_at, t.first_at)), t.since_at,
    max(t.last_at, ifnull(e.last_used_at, t.last_at))
  FROM (
    SELECT mailbox, count(*) AS trns, min(found_at) AS first_at, max(CASE place WHEN 2 THEN found_at END) AS since_at, max(found_at) AS last_at
    FROM (SELECT mailbox, found_at, row_number() OVER (PARTITION BY mailbox ORDER BY found_at, trn) AS place FROM repeat_trns)
    GROUP BY mailbox HAVING count(*) > 1) t
  JOIN emails e ON e.mailbox = t.mailbox AND (e.trns > 1 OR e.full);

-- The newest note of each kind about a mailbox.
CREATE TABLE newest_notes (mailbox TEXT, kind TEXT, at INTEGER, by TEXT, note TEXT, PRIMARY KEY (mailbox, kind)) WITHOUT ROWID;
INSERT INTO newest_notes
  SELECT mailbox, kind, max(at), by, note FROM email_notes GROUP BY mailbox, kind;

-- A request waits unless it was answered, or its person was after it was made.
CREATE TABLE waiting AS
  SELECT r.*,
    (SELECT d.working FROM run JOIN days d ON d.begins_at <= run.at AND run.at < d.ends_at)
      - (SELECT d.working FROM days d WHERE d.day = r.requested_day) AS working_days
  FROM helpdesk_requests r
  WHERE NOT EXISTS (SELECT 1 FROM helpdesk_requests a WHERE a.person = r.person AND a.answered_at IS NOT NULL
    AND (a.lookup_id = r.lookup_id OR a.answered_at >= r.requested_at));

-- When each person who waits asked last.
CREATE TABLE askers (person INTEGER PRIMARY KEY, asked_at INTEGER NOT NULL);
INSERT INTO askers SELECT person, max(requested_at) FROM waiting GROUP BY person;

-- The first find after that, and by what it is the same person's: the mailbox, or the name as typed.
CREATE TABLE found_since (person INTEGER PRIMARY KEY, reference TEXT, received_at INTEGER, by_what TEXT);
INSERT INTO found_since
  SELECT f.person, f.reference, min(f.received_at), f.by_what FROM (
    SELECT w.person, f.reference, f.received_at, 'same mailbox' AS by_what
    FROM waiting w CROSS JOIN finds f ON f.mailbox = w.mailbox
    UNION ALL
    SELECT w.person, f.reference, f.received_at, 'same name' FROM waiting w
    CROSS JOIN finds f ON f.name_key = w.name_key AND f.mailbox IS NOT w.mailbox) f
  CROSS JOIN askers a ON a.person = f.person AND f.received_at > a.asked_at
  GROUP BY f.person;
