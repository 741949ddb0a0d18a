package dev.shunt.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Broken on purpose: shows that what jcstress finds is heard. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "both have counted")
@Outcome(expect = FORBIDDEN, desc = "one update was lost")
@State
public class LostUpdateFixture {

    private int count;

    @Actor
    public void one() {
        count++;
    }

    @Actor
    public void other() {
        count++;
    }

    @Arbiter
    public void arbiter(I_Result result) {
        result.r1 = count;
    }
}
