package statefile

// StackFile is the name of the file, in the data folder of a running local stack, that
// says where everything is.
const StackFile = "stack.json"

// Stack is what that file holds, and what /_local/ shows. Maps are by short names:
// teachers, matchesDeadLetter.
type Stack struct {
	Ready      bool              `json:"ready"`
	Gateway    string            `json:"gateway"`
	Region     string            `json:"region"`
	Endpoints  map[string]string `json:"endpoints"` // dynamodb, sqs, s3, ssm, notify
	Tables     map[string]string `json:"tables"`
	Queues     map[string]string `json:"queues"` // addresses
	Buckets    map[string]string `json:"buckets"`
	Functions  []string          `json:"functions"`
	Schedules  []string          `json:"schedules"`
	Parameters map[string]string `json:"parameters"` // values by full names
	Logs       string            `json:"logs"`
	PID        int               `json:"pid"`
}
