package io.reelbatch.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The command knows the engine and the functions; these two know neither it nor each other. */
class ArchitectureTest {
    private static final String ENGINE = "io.reelbatch.engine..";
    private static final String COMMAND = "io.reelbatch.cli..";
    private static final String[] FUNCTIONS = {
        "io.reelbatch.domain..", "io.reelbatch.handlers..", "io.reelbatch.adapters..", "io.reelbatch.errors.."
    };

    private static final JavaClasses EVERYTHING = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.reelbatch");

    @Test
    void theEngineKnowsNothingOfBatches() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FUNCTIONS)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage(COMMAND)
                .check(EVERYTHING);
    }

    @Test
    void theFunctionsKnowNeitherEngineNorCommand() {
        noClasses()
                .that()
                .resideInAnyPackage(FUNCTIONS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ENGINE, COMMAND)
                .check(EVERYTHING);
    }

    @Test
    void theSimulatorKnowsNothingOfItsClient() {
        noClasses()
                .that()
                .resideInAPackage("io.reelbatch.cli.simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FUNCTIONS)
                .check(EVERYTHING);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.reelbatch.(**)").should().beFreeOfCycles().check(EVERYTHING);
    }
}
