package io.reelbatch.adapters.aws;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands {@link Emulators} to a test's constructor or method; they start once for all tests of a run, with the first. */
final class EmulatorsExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(EmulatorsExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Emulators.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Emulators.class, type -> Emulators.start(), Emulators.class);
    }
}
