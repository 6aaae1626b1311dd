using System.Text;
using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Tokens;

namespace Platform.GpuWorker.Tests.Tokens;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("abcd", 1)]
    [InlineData("abcde", 2)]
    [InlineData("äöü", 2)]
    public void Four_bytes_are_a_token(string text, int tokens) => Encode(text).Count.ShouldBe(tokens);

    [Fact]
    public void Equal_starts_give_equal_tokens_however_long_the_text()
    {
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"Wörter {i} 🙂 "));
        var bytes = Encoding.UTF8.GetBytes(text);
        var tokens = Encode(text);
        tokens.ShouldBe(bytes.Chunk(4).Select(chunk => Tokenizer.Id(chunk)));
        tokens.ShouldAllBe(t => t >= 0);
        Encode(text + "and more").Take(tokens.Count - 1).ShouldBe(tokens.Take(tokens.Count - 1));
    }

    [Fact]
    public void An_answer_has_as_many_tokens_as_words_and_the_same_again_as_text()
    {
        var plan = AnswerPlan.For(Prompt(5), 1, 1000, ignoreEos: false);
        plan.Stops.ShouldBeTrue();
        Encode(plan.Text()).ShouldBe(Enumerable.Range(0, plan.Tokens).Select(i => plan.Word(i).Token));
        plan.Text().ShouldEndWith("end.");
    }

    [Fact]
    public void Lengths_follow_from_the_prompt_and_have_a_median_of_about_sixty()
    {
        var lengths = Enumerable.Range(0, 4001).Select(i => AnswerPlan.For(Prompt(i), 0, 100_000, false).Tokens).Order().ToArray();
        lengths[2000].ShouldBeInRange(55, 65);
        lengths[200].ShouldBeLessThan(30);
        lengths[3800].ShouldBeGreaterThan(120);
        AnswerPlan.For(Prompt(7), 0, 1000, false).ShouldBe(AnswerPlan.For(Prompt(7), 0, 1000, false));
    }

    [Fact]
    public void Limits_cut_and_stretch_an_answer()
    {
        AnswerPlan.For(Prompt(1), 0, 3, false).ShouldSatisfyAllConditions(p => p.Tokens.ShouldBe(3), p => p.FinishReason.ShouldBe("length"));
        AnswerPlan.For(Prompt(1), 0, 777, true).ShouldSatisfyAllConditions(p => p.Tokens.ShouldBe(777), p => p.FinishReason.ShouldBe("length"));
        AnswerPlan.For(Prompt(1), 900, 1000, false).ShouldSatisfyAllConditions(p => p.Tokens.ShouldBe(900), p => p.FinishReason.ShouldBe("stop"));
    }

    private static BlockChain Prompt(int text)
    {
        var chain = new BlockChain(0);
        Tokenizer.Encode($"prompt number {text}", chain.Append);
        return chain;
    }

    private static List<int> Encode(string text)
    {
        var tokens = new List<int>();
        Tokenizer.Encode(text, tokens.Add);
        return tokens;
    }
}
