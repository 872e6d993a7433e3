using CsCheck;
using Holdfast.Analyses;

namespace Holdfast.Tests.Analyses;

/// <summary>Rounds of steps in one path become one round with a count.</summary>
public sealed class StepFoldingTests
{
    [Fact]
    public void The_links_of_a_list_are_one_step_that_repeats() =>
        Assert.Equal([(0, 1), (5, 5), (6, 1)], Fold(1, 7, 7, 7, 7, 7, 2));

    [Fact]
    public void Steps_that_come_again_together_fold_into_the_last_round() =>
        Assert.Equal([(0, 1), (7, 3), (8, 3), (9, 3), (10, 1)], Fold(9, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1));

    [Fact]
    public void Two_rounds_are_too_few() => Assert.Equal([(0, 1), (1, 1), (2, 1), (3, 1)], Fold(1, 2, 1, 2));

    [Fact]
    public void Nothing_folds_to_nothing() => Assert.Empty(Fold());

    [Fact]
    public void Unfolding_gives_the_path_back() => Gen.Int[0, 2].Array[0, 60].Sample(
        path =>
        {
            List<StepFolding.Step> folded = StepFolding.Fold(path);
            var unfolded = new List<int>();
            for (int at = 0; at < folded.Count;)
            {
                // Steps that repeat together have the same count and follow each other in the path.
                int rounds = folded[at].Repeat, period = 1;
                if (rounds > 1) period = (folded[at].Last - unfolded.Count) / (rounds - 1);
                Assert.InRange(period, 1, StepFolding.MaxPeriod);
                for (int round = 0; round < rounds; round++) unfolded.AddRange(folded.GetRange(at, period).Select(s => path[s.Last]));
                at += period;
                Assert.Equal(folded[at - 1].Last + 1, unfolded.Count);
            }

            Assert.Equal(path, unfolded);
        },
        iter: 5_000);

    private static IEnumerable<(int Last, int Repeat)> Fold(params int[] steps) => StepFolding.Fold(steps).Select(s => (s.Last, s.Repeat));
}
