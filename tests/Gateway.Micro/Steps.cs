using System.Buffers;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Gateway.Answers;
using Platform.Gateway.Authentication;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Requests;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Micro;

/// <summary>The steps of a request that are ours alone, each by itself.</summary>
public class Steps
{
    private readonly ChatOperation _chat = new();
    private readonly EngineProfile _engine = EngineProfiles.Find("vllm")!;
    private readonly byte[] _sent = new byte[4096];
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly DefaultHttpContext _context = new();
    private readonly RunningAgent _agent = new();
    private RequestFacts? _facts;
    private RequestFacts? _streamedFacts;
    private KeyAuthenticator? _authenticator;
    private EventStream? _stream;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _facts = _chat.Read(Samples.Request).Value;
        _streamedFacts = _chat.Read(Samples.StreamedRequest).Value;
        await _agent.StartAsync(upstreamPort: 1);
        _authenticator = _agent.Services.GetRequiredService<KeyAuthenticator>();
        _context.Request.Headers.Authorization = "Bearer " + _agent.Key;
        _stream = new(new ChatEvents(new(IncludeUsage: false, AddedContinuousUsage: true), new()), 1024 * 1024);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _stream?.Dispose();
        await _agent.DisposeAsync();
    }

    /// <summary>Who calls.</summary>
    [Benchmark]
    public object? Authenticate() => _authenticator!.Authenticate(_context.Request).Value;

    /// <summary>The body, in one pass.</summary>
    [Benchmark]
    public object? ReadRequest() => _chat.Read(Samples.Request).Value;

    /// <summary>The body for an endpoint, and the bytes that go there.</summary>
    [Benchmark]
    public int SpliceRequest() => Splice(_facts!, Samples.Request);

    /// <summary>The same of a stream, which gets its options.</summary>
    [Benchmark]
    public int SpliceStreamedRequest() => Splice(_streamedFacts!, Samples.StreamedRequest);

    /// <summary>The answer's usage.</summary>
    [Benchmark]
    public object? ReadAnswer()
    {
        var meter = new AnswerMeter();
        ChatAnswers.Codec.Read(Samples.Answer, meter);
        return meter;
    }

    /// <summary>One event on its way, its usage counted and taken out.</summary>
    [Benchmark]
    public int PassEvent()
    {
        _output.ResetWrittenCount();
        Samples.Event.CopyTo(_stream!.Space());
        _stream.Advance(Samples.Event.Length, _output);
        return _output.WrittenCount;
    }

    private int Splice(RequestFacts facts, byte[] body)
    {
        using var stream = facts.BodyFor(body, "upstream-model", _engine).OpenRead();
        return stream.Read(_sent.AsSpan());
    }
}
