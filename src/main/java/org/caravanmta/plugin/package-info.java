/// Components of Camel and classes of the operator's, which are added beside `lib` without building
/// Caravan again.
///
/// *Place:* the command `caravan component`; the launcher puts the directory on the class path
/// after `lib`. *Decides:* which jars of a component are put there: those that `lib` does not have,
/// of exactly the version of Camel that `lib` has. *When it cannot tell* (a jar there in another
/// version, classes that do not load): nothing is changed. *Limits:* a running server finds what is
/// added when it is started again; jars are told apart by their file names.
@NullMarked
package org.caravanmta.plugin;

import org.jspecify.annotations.NullMarked;
