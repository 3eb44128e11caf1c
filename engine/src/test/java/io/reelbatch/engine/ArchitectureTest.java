package io.reelbatch.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.reelbatch", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.reelbatch.engine.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule INNER_PACKAGES_DO_NOT_KNOW_THE_API = noClasses()
            .that()
            .resideInAnyPackage("io.reelbatch.engine.asl", "io.reelbatch.engine.jsonata", "io.reelbatch.engine.items")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.reelbatch.engine");

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NOTHING_OF_AWS_OR_MEDIA = noClasses()
            .that()
            .resideInAPackage("io.reelbatch.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "com.amazonaws..", "io.reelbatch.domain..", "io.reelbatch.cli..");
}
