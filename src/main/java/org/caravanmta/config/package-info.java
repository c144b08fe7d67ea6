/// The reading of settings files into records. {@link org.caravanmta.config.SettingsReader} binds
/// each component of a record to a key of the reference settings, which are the only place where
/// defaults are written. What the settings mean is not known here: each record is in the package
/// that uses it.
///
/// *Place:* before anything starts. *Decides:* which value counts: the reference settings, then the
/// operator's file, then each `--set KEY=VALUE`, then other options, where the later takes
/// precedence over the earlier; a list replaces the whole list. A {@link
/// org.caravanmta.config.ValueForm} says how values of a type are written; a record's constructor
/// refuses values that are out of bounds. *When it cannot tell:* nothing starts; {@link
/// org.caravanmta.config.SettingsProblem} has one line for each mistake, `FILE:LINE: KEY: VALUE:
/// what was expected`. *Limits:* tables and routes are not opened here, and no host name is looked
/// up.
@NullMarked
package org.caravanmta.config;

import org.jspecify.annotations.NullMarked;
