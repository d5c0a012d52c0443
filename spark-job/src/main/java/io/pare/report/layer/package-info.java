/** What became of one layer and how the decision came about. */
package io.pare.report.layer;
