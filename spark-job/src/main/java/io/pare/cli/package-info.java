/**
 * The command line: {@link io.pare.cli.Main}, one class per command, and what they print. Nothing
 * depends on this package.
 */
package io.pare.cli;
