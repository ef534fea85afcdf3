-- The tables that the exports are read into. A time is in milliseconds since 1970, in UTC:
-- datetime(received_at / 1000, 'unixepoch') reads one. What has passed its time to live is not here.

-- One row: what is reported.
CREATE TABLE run (
  at          INTEGER NOT NULL, -- the moment exported
  from_at     INTEGER NOT NULL, -- lookups are reported from here …
  until_at    INTEGER NOT NULL, -- … to before here
  previous_at INTEGER           -- the moment of the report before, if there was one
);

-- The days in Europe/London since the earliest request.
CREATE TABLE days (
  day       TEXT PRIMARY KEY,   -- YYYY-MM-DD
  begins_at INTEGER NOT NULL,
  ends_at   INTEGER NOT NULL,
  working   INTEGER NOT NULL    -- the working days of England up to it and including it, counted from the first
) WITHOUT ROWID;

-- The reasons for refusing an unlock, in words.
CREATE TABLE reasons (code TEXT PRIMARY KEY, place INTEGER NOT NULL, words TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE emails (
  mailbox       TEXT NOT NULL,  -- the address normalised: spellings of one mailbox are one
  as_typed      TEXT,           -- NULL if the same
  trns          INTEGER NOT NULL, -- how many TRNs its item lists
  full          INTEGER NOT NULL, -- 1: it found more than its item lists; the lookups have the rest
  first_trn     TEXT,
  first_used_at INTEGER,
  last_used_at  INTEGER,
  role          INTEGER NOT NULL  -- 1: it looks like a role mailbox
);

-- The TRNs of the mailboxes that found several.
CREATE TABLE email_trns (mailbox TEXT NOT NULL, trn TEXT NOT NULL, found_at INTEGER NOT NULL);

-- What the helpdesk recorded about mailboxes.
CREATE TABLE email_notes (
  mailbox TEXT NOT NULL,
  kind    TEXT NOT NULL,        -- contacted or lifted
  at      INTEGER NOT NULL,
  by      TEXT NOT NULL,
  note    TEXT NOT NULL
);

CREATE TABLE lookups (
  lookup_id      TEXT NOT NULL,
  reference      TEXT NOT NULL,
  received_at    INTEGER NOT NULL,
  outcome        TEXT NOT NULL, -- trn_sent, no_match or helpdesk; what follows is of trn_sent alone
  trn            TEXT,
  mailbox        TEXT,
  email          TEXT,          -- as typed, NULL if the same
  name           TEXT,          -- as typed
  unlock_outcome TEXT,          -- unlocked, not_locked, refused; NULL until decided
  unlock_reasons TEXT,          -- codes, with spaces between
  decided_at     INTEGER,
  trn_emailed_at INTEGER,
  delivery       TEXT           -- what GOV.UK Notify said of the TRN email at last
);

-- Few are, and several queries ask for them.
CREATE INDEX undecided ON lookups (received_at) WHERE outcome = 'trn_sent' AND unlock_outcome IS NULL;
CREATE INDEX bounced ON lookups (received_at) WHERE delivery LIKE '%-failure';

-- How many lookups of the days reported there are of each kind. They are counted while they are read: to group them, SQLite
-- sorts them all.
CREATE TABLE reported (
  received_day   TEXT NOT NULL, -- YYYY-MM-DD in Europe/London
  outcome        TEXT NOT NULL,
  unlock_outcome TEXT,
  unlock_reasons TEXT,
  delivery       TEXT NOT NULL, -- as in lookups; not_sent, or no_receipt if it was sent and nothing is known
  number         INTEGER NOT NULL
);

-- The lookups among them that sent a TRN to a mailbox that found several or asked the helpdesk, or to a name that did,
-- whenever they were made.
CREATE TABLE finds (
  lookup_id   TEXT NOT NULL,
  reference   TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  trn         TEXT NOT NULL,
  mailbox     TEXT NOT NULL,
  name        TEXT,
  name_key    TEXT              -- the name in small letters
);

-- What the person gave follows in a column for each field of a lookup: email, first_name …
CREATE TABLE helpdesk_requests (
  lookup_id     TEXT NOT NULL,
  reference     TEXT NOT NULL,
  requested_at  INTEGER NOT NULL,
  requested_day TEXT NOT NULL, -- YYYY-MM-DD in Europe/London
  why           TEXT NOT NULL,
  candidates    TEXT,    -- TRNs, with "; " between
  note          TEXT,
  answered_at   INTEGER,
  answered_by   TEXT,
  person        INTEGER, -- the same for requests of one mailbox, or of one name and date of birth
  mailbox       TEXT,
  name_key      TEXT     -- first and last name in small letters
);

-- Items that were left out because one of their attributes cannot be read.
CREATE TABLE unreadable (
  table_name TEXT NOT NULL,
  key        TEXT,              -- of the item, if that can be read
  attribute  TEXT NOT NULL,
  problem    TEXT NOT NULL,
  file       TEXT NOT NULL,
  line       INTEGER NOT NULL
);
