package io.reelbatch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which part of the functions may know which. */
class ArchitectureTest {
    private static final JavaClasses FUNCTIONS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.reelbatch");

    @Test
    void theDomainKnowsNeitherAdaptersNorHandlers() {
        noClasses()
                .that()
                .resideInAPackage("io.reelbatch.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.reelbatch.adapters..", "io.reelbatch.handlers..")
                .check(FUNCTIONS);
    }

    @Test
    void theDomainKnowsNoAws() {
        noClasses()
                .that()
                .resideInAnyPackage("io.reelbatch.domain..", "io.reelbatch.errors..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws..", "org.apache.hc..")
                .check(FUNCTIONS);
    }

    @Test
    void adaptersDoNotKnowHandlers() {
        noClasses()
                .that()
                .resideInAPackage("io.reelbatch.adapters..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.reelbatch.handlers..")
                .check(FUNCTIONS);
    }

    @Test
    void errorsKnowNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.reelbatch.errors..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.reelbatch..").and(resideOutsideOfPackage("io.reelbatch.errors..")))
                .check(FUNCTIONS);
    }

    @Test
    void errorsAreTopLevelSoThatTheirNamesAreStable() {
        classes()
                .that()
                .resideInAPackage("io.reelbatch.errors")
                .and()
                .areAssignableTo(Throwable.class)
                .should()
                .beTopLevelClasses()
                .andShould()
                .bePublic()
                .check(FUNCTIONS);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.reelbatch.(**)").should().beFreeOfCycles().check(FUNCTIONS);
    }

    @Test
    void domainAndHandlersTakeTheTimeFromAClock() {
        noClasses()
                .that()
                .resideInAnyPackage("io.reelbatch.domain..", "io.reelbatch.handlers..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(FUNCTIONS);
    }
}
