using System.Text;
using Platform.Gateway.Api;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Tests;

/// <summary>A file by its id may be anybody's where tenants share a provider's key.</summary>
public sealed class FileIdTests
{
    public static readonly TheoryData<string, string> Naming = new()
    {
        { "chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""" },
        { "chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file\u005fid":"file-1"}}]},{"role":"user","content":"x"}]}""" },
        { "messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}]}""" },
        { "messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"container_upload","fil\u0065_id":"file_1"}]}]}""" },
        { "messages", """{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{}},{"type":"image","source":{"type":"file","file_id":"f"}}]}]}""" },
        { "count_tokens", """{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}]}""" },
    };

    public static readonly TheoryData<string, string> NamingNone = new()
    {
        { "chat", """{"model":"m","messages":[{"role":"user","content":"file_id"}],"tools":[{"type":"function","function":{"name":"n","parameters":{"type":"object","properties":{"file_id":{"type":"string"}}}}}]}""" },
        { "chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":null,"file_data":"data:,"}}]}]}""" },
        { "messages", """{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{"file_id":"x"}}]},{"role":"user","content":"file_id \u0061"}]}""" },
        { "messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"n","input_schema":{"type":"object","properties":{"file_id":{"type":"string"}}}}]}""" },
        { "count_tokens", """{"model":"m","messages":[{"role":"user","content":"file_id"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Naming))]
    public void Naming_one_is_refused(string operation, string body)
    {
        var error = Read(operation, body).Error.ShouldNotBeNull();

        (error.Status, error.Code, error.Param).ShouldBe((400, "unsupported_parameter", "file_id"));
    }

    [Theory]
    [MemberData(nameof(NamingNone))]
    public void What_only_looks_like_it_passes(string operation, string body) => Read(operation, body).Error.ShouldBeNull();

    private static Result<RequestFacts> Read(string operation, string body)
    {
        Operation[] all = [new ChatOperation(), new MessagesOperation(), new CountTokensOperation()];
        return all.Single(o => o.Name == operation).Read(Encoding.UTF8.GetBytes(body));
    }
}
