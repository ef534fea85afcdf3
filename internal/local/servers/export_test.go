package servers

// Start is start, for tests.
var Start = start
