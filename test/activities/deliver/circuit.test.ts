import { createCircuit } from '../../../activities/deliver/circuit';

describe('the circuit of an endpoint', () => {
  let time = 0;
  const missTimes = (circuit: ReturnType<typeof createCircuit>, times: number) =>
    Array.from({ length: times }, () => circuit.missed('e'));

  it('opens after ten attempts in a row that reached nobody, and says so once', () => {
    const circuit = createCircuit(() => time);
    expect(missTimes(circuit, 9)).toEqual(Array(9).fill(false));
    expect(circuit.waitFor('e')).toBe(0);
    expect(circuit.missed('e')).toBe(true);
    expect(circuit.waitFor('e')).toBe(10_000);
    expect(circuit.missed('e')).toBe(false);
  });

  it('lets one attempt probe when it has been open for ten seconds, and closes when that reaches somebody', () => {
    time = 0;
    const circuit = createCircuit(() => time);
    missTimes(circuit, 10);
    time = 10_000;
    expect(circuit.waitFor('e')).toBe(0);
    expect(circuit.waitFor('e')).toBe(10_000);
    circuit.reached('e');
    expect(circuit.waitFor('e')).toBe(0);
    expect(circuit.waitFor('e')).toBe(0);
  });

  it('counts only attempts in a row, and each endpoint by itself', () => {
    const circuit = createCircuit(() => time);
    missTimes(circuit, 9);
    circuit.reached('e');
    missTimes(circuit, 9);
    expect(circuit.waitFor('e')).toBe(0);
    missTimes(circuit, 1);
    expect(circuit.waitFor('e')).toBeGreaterThan(0);
    expect(circuit.waitFor('other')).toBe(0);
  });

  it('forgets the endpoint that was missed longest ago beyond a thousand: strangers name them without number', () => {
    const circuit = createCircuit(() => time);
    missTimes(circuit, 10);
    for (let i = 0; i < 999; i++) circuit.missed(`stranger-${i}`);
    expect(circuit.waitFor('e')).toBeGreaterThan(0);
    circuit.missed('stranger-999');
    expect(circuit.waitFor('e')).toBe(0);
  });
});
