/** JSON of the reports, and what it means that an older file lacks a value. */
package io.pare.report.json;
