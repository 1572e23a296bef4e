import {
  Body, ConflictException, Controller, Get, Header, Injectable, type OnApplicationShutdown, type OnModuleInit, NotFoundException, Param, ParseIntPipe,
  Post, Query, Render, Sse, UploadedFile, UseInterceptors,
} from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { interval, map, take } from 'rxjs';

export class NewItem {
  @ApiProperty() @Length(2, 10) name!: string;
  @ApiProperty() @Type(() => Number) @IsInt() @Min(1) @Max(100) count!: number;
  @ApiProperty({ required: false }) @IsOptional() @IsEmail() owner?: string;
}

@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  // biome-ignore lint: the library has no types here
  private db: any;

  async onModuleInit() {
    const make = require('sql.js');
    this.db = new (await make()).Database();
    this.db.run('create table item (id integer primary key, name text unique, count int)');
    for (const { name, count } of JSON.parse(readFileSync(`${process.cwd()}/seed.json`, 'utf8')))
      this.db.run('insert into item (name, count) values (?, ?)', [name, count]);
  }

  all(where: string, values: unknown[]): unknown[] {
    const statement = this.db.prepare(`select * from item ${where}`);
    statement.bind(values);
    const rows: unknown[] = [];
    while (statement.step()) rows.push(statement.getAsObject());
    return rows;
  }

  add(item: NewItem) {
    try {
      this.db.run('insert into item (name, count) values (?, ?)', [item.name, item.count]);
    } catch (error) {
      throw new ConflictException((error as Error).message);
    }
  }

  onApplicationShutdown(signal?: string) {
    console.log(`closed by ${signal}`);
  }
}

@Injectable()
export class AuditService {
  private readonly log = require('pino')({ base: null, timestamp: false });

  @OnEvent('item.*')
  record(item: NewItem) {
    this.log.info({ item }, 'created');
  }
}

@Controller('items')
export class ItemsController {
  constructor(private readonly db: Database, private readonly events: EventEmitter2) {}

  @Get() list(@Query('like') like = '%') { return this.db.all('where name like ?', [like]); }

  @Get(':id') one(@Param('id', ParseIntPipe) id: number) {
    const [found] = this.db.all('where id = ?', [id]);
    if (!found) throw new NotFoundException(`no item ${id}`);
    return found;
  }

  @Post() create(@Body() item: NewItem) {
    this.db.add(item);
    this.events.emit('item.created', item);
    return item;
  }

  @Post('upload')
  @UseInterceptors(FileInterceptor('f'))
  upload(@UploadedFile() file: { originalname: string; size: number; buffer: Buffer }) {
    return { name: file.originalname, size: file.size, hash: createHash('sha256').update(file.buffer).digest('hex').slice(0, 16), gzip: gzipSync(file.buffer).length };
  }
}

@Controller()
export class PagesController {
  constructor(private readonly db: Database, private readonly config: ConfigService) {}

  @Get() @Render('home') home() {
    return { title: this.config.get('TITLE'), items: this.db.all('', []), day: new Date(0).toLocaleDateString('de-DE', { dateStyle: 'full', timeZone: 'Asia/Tokyo' }) };
  }

  @Sse('events') events() { return interval(50).pipe(take(3), map((n) => ({ data: { n } }))); }

  @Get('crash') crash() { throw new Error('on purpose'); }

  @Get('lazy') @Header('x-lazy', 'yes') async lazy() { return (await import('./lazy')).answer(); }
}
