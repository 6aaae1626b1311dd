using System.Text;
using Platform.Gateway.Api;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Tests;

/// <summary>What is read of a request to know how large it and its answer may be.</summary>
public sealed class RequestSizeTests
{
    [Theory]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":5", 5L)]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":5,\"max_completion_tokens\":9", 9L)]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":null", null)]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":{\"a\":[1]}", null)]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":-1", null)]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":1e99", null)]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":0", 0L)]
    [InlineData("text_completion", "\"prompt\":\"a\",\"max_tokens\":5", 5L)]
    [InlineData("responses", "\"input\":\"a\",\"max_output_tokens\":5", 5L)]
    [InlineData("responses", "\"input\":\"a\",\"max_output_tokens\":null", null)]
    [InlineData("responses", "\"input\":\"a\",\"max_output_tokens\":[]", null)]
    [InlineData("messages", "\"messages\":[{}],\"max_tokens\":5", 5L)]
    [InlineData("embeddings", "\"input\":\"a\",\"max_tokens\":5", null)]
    public void The_bound_that_a_caller_sets_is_read(string operation, string members, long? most)
    {
        var (facts, error) = OperationTable.All.Single(o => o.Name == operation).Read(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{members}}}"));

        error.ShouldBeNull();
        facts!.MaxOutputTokens.ShouldBe(most);
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public void A_bound_that_stands_twice_is_refused(string name) =>
        ChatRequestReader.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{}],"{{name}}":1,"{{name}}":2}""")).Error!.Param.ShouldBe(name);

    [Theory]
    [InlineData("chat", "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,@\"}}]}]")]
    [InlineData("messages", "\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"@\"}}]}]")]
    [InlineData("responses", "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,@\"}]}]")]
    public void A_file_is_no_text_of_its_length(string operation, string members)
    {
        var reader = OperationTable.All.Single(o => o.Name == operation);
        var file = Convert.ToBase64String(Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7)).ToArray());
        var text = string.Concat(Enumerable.Repeat("some words ", file.Length / 11));

        (TextBytes(file) is > 4000 and < 5000).ShouldBeTrue();
        TextBytes(text).ShouldBeGreaterThan(text.Length);

        int TextBytes(string content)
        {
            var facts = reader.Read(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{members.Replace("@", content, StringComparison.Ordinal)}}}")).Value!;
            facts.PromptBytes.ShouldBeGreaterThan(content.Length);
            return facts.PromptBytes - facts.FileBytes;
        }
    }

    [Fact]
    public void A_short_text_is_none_of_a_file() => FileText.Excess(Encoding.UTF8.GetBytes(new string('a', 4096))).ShouldBe(0);
}
