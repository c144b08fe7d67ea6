package org.caravanmta.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a component of a settings record that is itself a record: its keys are in the section
/// around it, not in a section of its own. So a section with many keys can be made of several
/// records, one for each concern.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Flat {}
