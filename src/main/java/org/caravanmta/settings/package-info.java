/// All settings together, and what is made from several sections of them.
///
/// *Place:* at the start, and in every command that needs the settings, before anything runs.
/// {@link Settings} has a component for each section of `config/caravan.yaml`, which is a record in
/// the package that uses it; {@link SettingsFile} reads them, and says how each kind of value is
/// written. *Decides:* the server's name ({@link Hostname}), which addresses are its own ({@link
/// OwnAddresses}), what the stages share ({@link Foundation}), and that other users of the machine
/// are kept out of the data directory ({@link DataDirectory}) and warned of in the configuration
/// ({@link FileModes}). *When it cannot tell:* nothing starts, and the operator reads why.
/// *Limits:* settings are read once; a change takes effect at the next start.
@NullMarked
package org.caravanmta.settings;

import org.jspecify.annotations.NullMarked;
