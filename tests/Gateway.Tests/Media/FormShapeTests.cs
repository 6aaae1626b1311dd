using System.Text;
using Platform.Gateway.Requests;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Tests.Media;

/// <summary>Forms, and all that two readers of them might read in two ways.</summary>
public sealed class FormShapeTests
{
    private const string Model = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n";
    private const string File = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: audio/wav\r\n\r\n\0\r\n--c\r\r\n\r\n";
    private const string End = "--b--";

    private static readonly FormShape Shape = new(["file"], "response_format");

    [Theory]
    [InlineData(Model + File + End + "\r\n", false)]
    [InlineData("\r\n" + File + Model + "--b  \r\nContent-Disposition: form-data; name=stream\r\n\r\ntrue\r\n" + End, true)]
    [InlineData(Model + File + "--b\r\ncontent-type: text/plain; charset=UTF-8\r\ncontent-disposition: FORM-DATA; name=\"stream\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\nFalse\r\n" + End, false)]
    [InlineData(Model + File + "--b\r\nContent-Disposition: form-data; name=\"x[]\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"x[]\"\r\n\r\n\r\n" + End, false)]
    public void A_form_is_read_and_its_model_found(string text, bool streamed)
    {
        var body = Encoding.Latin1.GetBytes(text);

        var (facts, error) = Shape.Read(body, "b");

        error.ShouldBeNull();
        var request = facts.ShouldBeOfType<FormRequest>();
        (request.Model, request.Streamed).ShouldBe(("m", streamed));
        using var sent = request.BodyFor(body, "other-model", EngineProfiles.Find("openai")!).OpenRead();
        Encoding.Latin1.GetString(Bytes(sent)).ShouldBe(text.Replace("\r\n\r\nm\r\n", "\r\n\r\nother-model\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Model + Model + File + End, "duplicate_member", "model")]
    [InlineData(Model + File + File + End, "duplicate_member", "file")]
    [InlineData(File + End, "missing_required_parameter", "model")]
    [InlineData(Model + End, "missing_required_parameter", "file")]
    [InlineData(Model + File + "--b\r\nContent-Disposition: form-data; name=stream\r\n\r\nmaybe\r\n" + End, "invalid_value", "stream")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n\r\n\r\n" + File + End, "invalid_value", "model")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n\r\n\u00ff\r\n" + File + End, "invalid_value", "model")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model; filename=m\r\n\r\nm\r\n" + File + End, "invalid_type", "model")]
    [InlineData(Model + "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n" + End, "invalid_type", "file")]
    [InlineData(Model + File, "invalid_form", null)]
    [InlineData(Model + File + "--b", "invalid_form", null)]
    [InlineData(Model + File + "--bc\r\n" + End, "invalid_form", null)]
    [InlineData("text before\r\n" + Model + File + End, "invalid_form", null)]
    [InlineData(Model + File + End + "\r\nbehind", "invalid_form", null)]
    [InlineData("", "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n--b\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\n\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\n\r\nm\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a; name=model\r\n\r\nm\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"zzz\"; name*0=\"model\"\r\n\r\nm\r\n" + Model + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; x=\"\\\\\"; name=zzz; y=\"; name=model; z=\"\r\n\r\nm\r\n" + Model + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=zzz; y=z\r\n\r\nm\r\n" + Model + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a; name*=UTF-8''model\r\n\r\nm\r\n" + Model + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=model\r\n\r\nm\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data;\r\n name=model\r\n\r\nm\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: attachment; name=model\r\n\r\nm\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\nContent-Transfer-Encoding: base64\r\n\r\nbQ==\r\n" + File + End, "invalid_form", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=model\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nm\r\n" + File + End, "invalid_form", null)]
    [InlineData(Model + File + "--b\r\nContent-Disposition: form-data; name=more\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n" + End, "invalid_form", null)]
    public void A_form_that_is_not_clear_is_refused_with_its_reason(string text, string code, string? param)
    {
        var (_, error) = Shape.Read(Encoding.Latin1.GetBytes(text), "b");

        (error.ShouldNotBeNull().Status, error.Code, error.Param).ShouldBe((400, code, param));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("b ")]
    [InlineData("b\n")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901")]
    public void A_boundary_that_is_none_is_refused(string? boundary) =>
        Shape.Read(Encoding.ASCII.GetBytes(Model + File + End), boundary).Error!.Code.ShouldBe("invalid_form");

    [Fact]
    public void Parts_and_their_heads_are_bounded()
    {
        const string Part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
        var many = Model + File + string.Concat(Enumerable.Repeat(Part, FormParts.MaxParts)) + End;
        var manyHeaders = $"--b\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 17))}Content-Disposition: form-data; name=a\r\n\r\n\r\n" + End;
        var longHead = $"--b\r\nContent-Disposition: form-data; name=\"{new string('a', 5000)}\"\r\n\r\n\r\n" + End;

        foreach (var text in new[] { many, manyHeaders, longHead })
            Shape.Read(Encoding.ASCII.GetBytes(text), "b").Error!.Code.ShouldBe("invalid_form");
    }

    [Fact]
    public void Any_cut_of_a_form_is_an_error_and_nothing_else()
    {
        var whole = Encoding.Latin1.GetBytes(Model + File + End);

        for (var length = 0; length < whole.Length; length++)
            Shape.Read(whole.AsSpan(0, length), "b").Error.ShouldNotBeNull($"cut at {length}");
    }

    [Theory]
    [InlineData(Model + File)]
    [InlineData("\r\n" + File + Model)]
    [InlineData(Model + File + "--b\r\nContent-Disposition: form-data; name=stream_include_usage\r\n\r\n0\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=stream_include_usage\r\n\r\n\r\n" + Model + File)]
    public void What_makes_an_engine_count_is_put_into_a_form_that_stays_one(string parts)
    {
        var body = Encoding.Latin1.GetBytes(parts + "--b\r\nContent-Disposition: form-data; name=stream\r\n\r\n1\r\n" + End);
        var request = Shape.Read(body, "b").Value.ShouldBeOfType<FormRequest>();

        using var sent = request.BodyFor(body, "other-model", EngineProfiles.Find("vllm")!).OpenRead();

        var (again, error) = Shape.Read(Bytes(sent), "b");
        error.ShouldBeNull();
        var read = again.ShouldBeOfType<FormRequest>();
        (read.Model, read.Streamed, read.AsksUsage).ShouldBe(("other-model", true, true));
    }

    [Theory]
    [InlineData("\"\"", 0)]
    [InlineData("\"caf\u00e9 \u4e16\"", 6)]
    [InlineData("\"\ud83d\uddfc\"", 1)]
    [InlineData("\"\\ud83d\\uDDFC\\n\\\"\\u00e9\"", 4)]
    public void Characters_are_scalar_values_however_they_are_written(string json, int count) =>
        JsonText.CountCharacters(Encoding.UTF8.GetBytes(json)).ShouldBe(count);

    private static byte[] Bytes(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
