// Package cloud joins the functions to AWS: configuration from the environment, SDK clients with time-outs and
// retries below the functions' own, parameters of SSM Parameter Store, the translation of SDK errors, and the
// log.
package cloud
