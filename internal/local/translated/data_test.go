//go:build template

package translated_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// passing are tables of what is gone in days anyway: neither kept nor recoverable.
var passing = []string{"LimitsTable"}

func keyARN() string { return naming.ARN("kms", "key/DataKey") }

func TestTables(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		for _, table := range s.OfType("AWS::DynamoDB::Table") {
			if table.Properties["BillingMode"] != "PAY_PER_REQUEST" {
				t.Errorf("%s is not on demand", table.ID)
			}
			sse := table.Properties["SSESpecification"]
			if dig(sse, "SSEEnabled") != true || dig(sse, "SSEType") != "KMS" || dig(sse, "KMSMasterKeyId") != keyARN() {
				t.Errorf("%s is not encrypted with our key", table.ID)
			}
			if slices.Contains(passing, table.ID) {
				continue
			}
			if table.Properties["DeletionProtectionEnabled"] != true {
				t.Errorf("%s can be deleted", table.ID)
			}
			if dig(table.Properties, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != true {
				t.Errorf("%s has no point-in-time recovery", table.ID)
			}
		}
		teachers, _ := s.Resource("TeachersTable")
		indexes, _ := teachers.Properties["GlobalSecondaryIndexes"].([]any)
		if len(indexes) != 3 {
			t.Errorf("%d indexes, want 3", len(indexes))
		}
		for _, index := range indexes {
			projected := texts(dig(index, "Projection", "NonKeyAttributes"))
			if dig(index, "Projection", "ProjectionType") != "INCLUDE" || slices.Contains(projected, "locked") || slices.Contains(projected, "alerts") {
				t.Errorf("%v projects %v", dig(index, "IndexName"), projected)
			}
		}
		for _, id := range []string{"LookupsTable", "HelpdeskRequestsTable", "LimitsTable"} {
			table, _ := s.Resource(id)
			if dig(table.Properties, "TimeToLiveSpecification", "AttributeName") != "expiresAt" || dig(table.Properties, "TimeToLiveSpecification", "Enabled") != true {
				t.Errorf("%s never expires", id)
			}
		}
	})
}

// TestDataOutlivesTheStack, but not a first deployment that failed.
func TestDataOutlivesTheStack(t *testing.T) {
	for id, r := range read(t).Resources {
		kept := r.Type == "AWS::DynamoDB::Table" || r.Type == "AWS::S3::Bucket" || r.Type == "AWS::KMS::Key"
		if !kept || slices.Contains(passing, id) {
			continue
		}
		if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s: deletion %q, replacement %q", id, r.DeletionPolicy, r.UpdateReplacePolicy)
		}
	}
}

func TestBuckets(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		for _, bucket := range s.OfType("AWS::S3::Bucket") {
			rules, _ := dig(bucket.Properties, "BucketEncryption", "ServerSideEncryptionConfiguration").([]any)
			if len(rules) != 1 || dig(rules[0], "ServerSideEncryptionByDefault", "SSEAlgorithm") != "aws:kms" ||
				dig(rules[0], "ServerSideEncryptionByDefault", "KMSMasterKeyID") != keyARN() || dig(rules[0], "BucketKeyEnabled") != true {
				t.Errorf("%s is not encrypted with our key", bucket.ID)
			}
			for _, setting := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
				if dig(bucket.Properties, "PublicAccessBlockConfiguration", setting) != true {
					t.Errorf("%s: %s is not set", bucket.ID, setting)
				}
			}
			expires := 0
			lifecycle, _ := dig(bucket.Properties, "LifecycleConfiguration", "Rules").([]any)
			for _, rule := range lifecycle {
				if number(dig(rule, "ExpirationInDays")) > 0 {
					expires++
				}
			}
			if expires == 0 {
				t.Errorf("%s keeps everything for ever", bucket.ID)
			}
			if bucket.ID != "TrailBucket" { // CloudTrail alone writes there, and whoever looks into a case reads
				checkOthersAreDenied(t, s, bucket)
			}
		}
	})
}

// checkOthersAreDenied: a policy of IAM does not open a bucket that holds people to anybody who is not named here.
func checkOthersAreDenied(t *testing.T, s *template.Stack, bucket template.Resource) {
	t.Helper()
	denied := map[string]bool{}
	for _, policy := range s.OfType("AWS::S3::BucketPolicy") {
		if policy.Properties["Bucket"] != naming.Of(bucket) {
			continue
		}
		for _, statement := range statements(policy.Properties["PolicyDocument"]) {
			named := texts(dig(statement, "Condition", "ArnNotEquals", "aws:PrincipalArn"))
			if dig(statement, "Effect") != "Deny" || dig(statement, "Principal") != "*" || len(named) == 0 {
				continue
			}
			for _, role := range named {
				if !strings.Contains(role, ":role/") || strings.Contains(role, "*") {
					t.Errorf("%s is open to %s", bucket.ID, role)
				}
			}
			for _, action := range texts(dig(statement, "Action")) {
				denied[action] = true
			}
		}
	}
	for _, action := range []string{"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"} {
		if !denied[action] {
			t.Errorf("%s: others may %s", bucket.ID, action)
		}
	}
}

func TestOnlyOverTLS(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		denied := map[string]bool{}
		for _, kind := range []string{"AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"} {
			for _, policy := range s.OfType(kind) {
				for _, statement := range statements(policy.Properties["PolicyDocument"]) {
					if dig(statement, "Effect") != "Deny" || dig(statement, "Condition", "Bool", "aws:SecureTransport") != "false" {
						continue
					}
					for _, name := range append(texts(policy.Properties["Queues"]), texts(policy.Properties["Bucket"])...) {
						denied[last(name, "/")] = true
					}
				}
			}
		}
		for _, kind := range []string{"AWS::SQS::Queue", "AWS::S3::Bucket"} {
			for _, r := range s.OfType(kind) {
				if !denied[naming.Of(r)] {
					t.Errorf("%s takes plain HTTP", r.ID)
				}
			}
		}
		for _, d := range s.OfType("AWS::ApiGatewayV2::DomainName") {
			configurations, _ := d.Properties["DomainNameConfigurations"].([]any)
			for _, c := range configurations {
				if dig(c, "SecurityPolicy") != "TLS_1_2" {
					t.Errorf("%s takes TLS before 1.2", d.ID)
				}
			}
		}
	})
}

func TestQueues(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		byARN := map[string]template.Resource{}
		targets := map[string]bool{}
		for _, q := range s.OfType("AWS::SQS::Queue") {
			byARN[naming.ARN("sqs", naming.Of(q))] = q
			if q.Properties["KmsMasterKeyId"] != keyARN() {
				t.Errorf("%s is not encrypted with our key", q.ID)
			}
			if number(q.Properties["MessageRetentionPeriod"]) != 14*24*3600 {
				t.Errorf("%s does not keep messages for 14 days", q.ID)
			}
		}
		for arn, q := range byARN {
			target, _ := dig(q.Properties, "RedrivePolicy", "deadLetterTargetArn").(string)
			if target == "" {
				if !strings.HasSuffix(q.ID, "DeadLetterQueue") {
					t.Errorf("%s has no dead-letter queue", q.ID)
				}
				continue
			}
			targets[target] = true
			if fmt.Sprint(byARN[target].Properties["FifoQueue"]) != fmt.Sprint(q.Properties["FifoQueue"]) {
				t.Errorf("%s and its dead-letter queue are of two kinds", q.ID)
			}
			tries := number(dig(q.Properties, "RedrivePolicy", "maxReceiveCount"))
			tried := time.Duration(tries*number(q.Properties["VisibilityTimeout"])) * time.Second
			if tries < 5 || tried < 24*time.Hour || tried > 14*24*time.Hour {
				t.Errorf("%s: a message is tried %d times in %s", q.ID, tries, tried)
			}
			allowed := byARN[target].Properties["RedriveAllowPolicy"]
			if dig(allowed, "redrivePermission") != "byQueue" || !slices.Equal(texts(dig(allowed, "sourceQueueArns")), []string{arn}) {
				t.Errorf("%s takes dead letters of others than %s: %v", byARN[target].ID, q.ID, allowed)
			}
		}
		for arn, q := range byARN {
			if strings.HasSuffix(q.ID, "DeadLetterQueue") && !targets[arn] && dig(q.Properties, "RedriveAllowPolicy", "redrivePermission") != "denyAll" {
				t.Errorf("%s takes dead letters of any queue", q.ID)
			}
		}
	})
}
