# What has more than one step; everything else is Maven's.
.PHONY: check-aws

# Each check of what would be deployed, and its result. Needs no AWS account.
check-aws: functions/target/reelbatch-lambda.jar
	infra/check

functions/target/reelbatch-lambda.jar:
	mvn -q -B -pl functions -Plambda -Dmaven.test.skip=true package
