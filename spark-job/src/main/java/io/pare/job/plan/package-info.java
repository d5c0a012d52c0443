/**
 * What a network is to become: goals, rules, the options of every layer and the plan that picks one
 * each; entry: {@link io.pare.job.plan.Planner}. Knows nothing of the job that carries a plan out.
 */
package io.pare.job.plan;
