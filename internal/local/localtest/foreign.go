package localtest

// ForeignEvents returns events that the functions of the service must ignore, by name, each in the form in which its
// sender sends it: test events, warmers, other services' records and other forms of an HTTP request.
func ForeignEvents() map[string]string {
	return map[string]string{
		"console test":    `{"key1":"value1","key2":"value2","key3":"value3"}`,
		"S3 test event":   `{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-26T07:00:00.000Z","Bucket":"exports","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4"}`,
		"S3 notification": `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"register"},"object":{"key":"incoming/r.csv","size":1024,"eTag":"0"}}}]}`,
		"SNS":             `{"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","Sns":{"Type":"Notification","MessageId":"95df01b4-ee98-5cb9-9903-4c221d41eb5e","Message":"{}"}}]}`,
		"table stream":    `{"Records":[{"eventID":"1","eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"Keys":{"trn":{"S":"1000001"}}}}]}`,
		"EventBridge":     `{"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"Scheduled Event","source":"aws.events","account":"123456789012","time":"2026-11-26T07:00:00Z","region":"eu-west-2","resources":[],"detail":{}}`,
		"health event":    `{"version":"0","detail-type":"AWS Health Event","source":"aws.health","detail":{"object":{"key":"incoming/r.csv","etag":"0"}}}`,
		"other detail":    `{"version":"0","source":"aws.s3","detail":"none"}`,
		"warmer":          `{"source":"serverless-plugin-warmup"}`,
		"other warmer":    `{"warmer":true,"concurrency":3}`,
		"payload 1.0":     `{"version":"1.0","resource":"/","path":"/","httpMethod":"GET","headers":{"host":"example.com"},"multiValueHeaders":{},"queryStringParameters":null,"requestContext":{"httpMethod":"GET","requestId":"r","identity":{"sourceIp":"203.0.113.9"}},"body":null,"isBase64Encoded":false}`,
		"load balancer":   `{"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/a/b"}},"httpMethod":"GET","path":"/","headers":{"host":"example.com"},"body":"","isBase64Encoded":false}`,
		"WebSocket":       `{"requestContext":{"routeKey":"$connect","eventType":"CONNECT","connectionId":"c=","requestId":"r"},"isBase64Encoded":false}`,
		"CloudWatch logs": `{"awslogs":{"data":"H4sIAAAAAAAA"}}`,
		"no records":      `{"Records":[]}`,
		"odd records":     `{"Records":{"messageId":"1"}}`,
		"word":            `"warm"`,
		"number":          `7`,
		"list":            `[]`,
		"null":            `null`,
	}
}
