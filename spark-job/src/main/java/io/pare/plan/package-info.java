/**
 * Which choice each layer gets: goals, rules, what every layer can become at which price, and the
 * knapsack that picks; entry {@link io.pare.plan.Planner}. Arithmetic alone: knows {@code
 * algorithm} and {@code model}, and neither Spark nor what carries a plan out.
 */
package io.pare.plan;
