/** Two short sounds, made here: somebody asks, somebody still waits. */

type Note = readonly [hertz: number, at: number];

const NOTES: Record<"new" | "late", readonly Note[]> = {
  new: [
    [660, 0],
    [880, 0.12],
  ],
  late: [
    [740, 0],
    [740, 0.18],
    [740, 0.36],
  ],
};
const LENGTH_S = 0.16;
const LOUDNESS = 0.12;

export class Sound {
  private audio: AudioContext | null = null;

  /** Browsers allow sound only after a gesture: prepare at the first one. */
  unlockOnGesture(page: Document = document): void {
    const unlock = () => {
      this.audio ??= openAudio();
      void this.audio?.resume().catch(() => undefined);
    };
    page.addEventListener("pointerdown", unlock, { once: true });
    page.addEventListener("keydown", unlock, { once: true });
  }

  /** Play it now, at somebody's own press; tell whether the browser let it sound. */
  async tryOut(): Promise<boolean> {
    this.audio ??= openAudio();
    await this.audio?.resume().catch(() => undefined);
    this.play("new");
    return this.audio?.state === "running";
  }

  play(name: keyof typeof NOTES): void {
    const { audio } = this;
    if (audio?.state !== "running") {
      return;
    }
    for (const [hertz, at] of NOTES[name]) {
      strike(audio, hertz, audio.currentTime + at);
    }
  }
}

function strike(audio: AudioContext, hertz: number, at: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + LENGTH_S);
}

function openAudio(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}
