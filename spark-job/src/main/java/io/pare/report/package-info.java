/**
 * Results in; JSON and tables for people out. Depends on {@code algorithm} and the root package.
 */
package io.pare.report;
