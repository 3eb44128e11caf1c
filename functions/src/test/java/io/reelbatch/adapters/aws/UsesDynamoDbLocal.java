package io.reelbatch.adapters.aws;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test asks for {@link Emulators} and needs DynamoDB; skipped where DynamoDB Local is left out of the build. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EmulatorsExtension.class)
@DisabledIfSystemProperty(
        named = Emulators.SKIP,
        matches = ".*",
        disabledReason = "DynamoDB Local was left out with -D" + Emulators.SKIP)
public @interface UsesDynamoDbLocal {}
