-- Items of the exports that are in no report, because an attribute of theirs cannot be read.
SELECT
  table_name                                       AS "Table",
  key                                              AS "Key",
  attribute                                        AS "Attribute",
  problem                                          AS "Problem",
  file                                             AS "File",
  line                                             AS "Line"
FROM unreadable
ORDER BY table_name, key, attribute, file, line;
